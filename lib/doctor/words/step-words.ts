/** The steps of the cure in words. Pure. */
import type { Step } from '../diagnosis/plan.js';
import { printable, quotedForShell } from '../../printable.js';
import { count, processWord, seconds } from './words.js';

/** What a step does, as a sentence without its end. */
export function sayStep(step: Step): string {
  switch (step.kind) {
    case 'set-flag':
      return `Set SO_REUSEADDR on the sockets of ${processWord(step)}, so that what they leave lets a server with the flag pass`;
    case 'stop': {
      const after = step.kill ? ', and with SIGKILL if that does not help' : '';
      return `End ${processWord(step)} with SIGTERM${step.stopped ? ', and let it go on first (it is stopped)' : ''}${after}`;
    }
    case 'ask':
      return `Have ${printable(step.manager.name)} stop it: ${step.manager.stop ?? ''}`;
    case 'destroy':
      return `End ${count(step.sockets.length, 'connection')} that no program has any more (SOCK_DESTROY)`;
    case 'remove':
      return `Remove the path that nobody has open: rm ${quotedForShell(step.path)}`;
    case 'wait':
      return `Wait ${seconds(step.ms)}, until the kernel drops what is over`;
    case 'refuse':
      return `Nothing can be done here: ${printable(step.because)}`;
  }
}
