/**
 * The process of one example program: `run-program.js '{"program":"server",…}'`. It tells its parent what
 * happened as a message, so that nobody has to read errors out of text.
 */
import { readSync } from 'node:fs';
import { client } from '../examples/client.js';
import { StepFailed } from '../examples/perror.js';
import { server } from '../examples/server.js';
import { endWithParent } from './end-with-parent.js';
import type { Message, Task } from './programs.js';
import { Recorder } from './recorder.js';

let recorder: Recorder | undefined;

function tell(message: Message): void {
  process.send?.(recorder ? { ...message, recording: recorder.take() } : message);
}

function run(task: Task): void {
  const { host, port } = task;
  endWithParent(task.parent);
  if (task.record) {
    recorder = new Recorder(task.program);
    recorder.start();
  }
  if (task.program === 'client') {
    client({ host, port, message: 'hello', print: awaitRelease });
    tell({ event: 'done' });
    return;
  }
  server({
    host,
    port,
    reuse: task.reuse,
    onListening: (address) => {
      if ('port' in address) tell({ event: 'listening', port: address.port });
    },
  });
  tell({ event: 'done' });
}

/**
 * The client prints between its recv and its close. Here it waits there until its parent ends its standard input:
 * who of the two closes first is a race otherwise, and TIME_WAIT stays with whoever does.
 */
function awaitRelease(): void {
  readSync(0, Buffer.alloc(1));
}

try {
  run(JSON.parse(process.argv[2] ?? '') as Task);
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  tell({ event: 'failed', code: error.code, message: error.message });
  process.exitCode = 1;
}
