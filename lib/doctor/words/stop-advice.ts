/** How what has a port is ended for good. Pure. */
import { canBeAsked, type Advice, type AskedManager } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { processesOf } from '../kernel/holder.js';
import type { Holder, Manager } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import { sudo } from './words.js';

/** How the processes are stopped that have it; none where no process is known. */
export function stopProcesses(found: Case): Advice[] {
  const { holders, pid } = found;
  const own = holders.some((holder) => holder.pid === pid);
  const others = processesOf(holders).filter((holder) => holder.pid !== pid);
  const managed = byManager(others, found);
  const left = others.filter((holder) => !managed.some(({ holders: some }) => some.includes(holder)));
  return [
    ...(own
      ? [
          {
            kind: 'close' as const,
            do: 'Close that socket in this very process: close(fd)',
            because: 'It is open here.',
          },
        ]
      : []),
    ...managed.map(({ manager, root }) => askManager(manager, root)),
    ...kill(left, others.length, found),
    ...againstReturn(left, found),
  ];
}

interface Managed {
  readonly manager: AskedManager;
  readonly holders: Holder[];
  readonly root: string;
}

/** Those whose manager has a command of its own. */
function byManager(holders: readonly Holder[], { uid, ownLine = [] }: Case): Managed[] {
  const managed: Managed[] = [];
  for (const holder of holders) {
    const { manager } = holder;
    if (manager === undefined || !canBeAsked(manager)) continue;
    if (manager.pid !== undefined && ownLine.includes(manager.pid)) continue;
    const known = managed.find((one) => one.manager.stop === manager.stop);
    if (known !== undefined) known.holders.push(holder);
    else managed.push({ manager, holders: [holder], root: manager.root === true ? sudo(uid) : '' });
  }
  return managed;
}

function askManager({ name, stop, kind }: AskedManager, root: string): Advice {
  const because =
    kind === 'docker' || kind === 'podman' || kind === 'docker-proxy'
      ? `It belongs to ${printable(name)}; a process that is killed there may be started again.`
      : `${printable(upper(name))} looks after it, and may start it again when it is only killed.`;
  return { kind: `stop-${kind}`, do: `Stop it where it is looked after: ${root}${stop}`, because };
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function kill(holders: readonly Holder[], all: number, { verdict, uid, ownLine = [] }: Case): Advice[] {
  if (holders.length === 0) return [];
  const pids = holders.map(({ pid }) => String(pid)).join(' ');
  const isForeign = uid > 0 && holders.some((holder) => holder.uid >= 0 && holder.uid !== uid);
  const root = isForeign ? 'sudo ' : '';
  const stopped = holders.filter((holder) => holder.stopped).map(({ pid }) => String(pid));
  const deaf = holders.every(({ ignoresTerm }) => ignoresTerm);
  const what = holders.length > 1 ? `Stop these ${String(holders.length)} programs` : 'Stop that program';
  const resume = stopped.length === 0 || deaf ? '' : `${root}kill -CONT ${stopped.join(' ')}; `;
  const command = `${resume}${root}kill ${deaf ? '-9 ' : ''}${pids}`;
  const isParent = holders.some(({ pid = 0 }) => ownLine.includes(pid)) ? ' It is a parent of this very program.' : '';
  return [
    {
      kind: deaf ? 'kill-hard' : resume === '' ? 'kill' : 'continue',
      do: `${what}: ${command}`,
      because: `${reason(holders, all, verdict, deaf)}${isParent}`,
    },
  ];
}

function reason(holders: readonly Holder[], all: number, verdict: Case['verdict'], deaf: boolean): string {
  if (deaf) return 'It ignores SIGTERM, so only SIGKILL (-9) ends it: it has no chance to save anything.';
  if (holders.some(({ stopped }) => stopped)) {
    return 'It is stopped (Ctrl-Z): it does not see the signal before it goes on (-CONT).';
  }
  if (all > 1) return 'The socket stays until the last process that has it open closes it or ends.';
  return verdict === 'connected' || verdict === 'outgoing'
    ? 'When a program ends, its connections are closed; what then is in TIME_WAIT takes a minute.'
    : 'When a program ends, its sockets are closed.';
}

/** Somebody started it who is no shell: it may be a supervisor. Nobody is told to stop himself or his terminal. */
function againstReturn(holders: readonly Holder[], { ownLine = [], holders: all }: Case): Advice[] {
  const parents = new Map<number, Manager>();
  for (const holder of holders) {
    const { manager } = holder;
    if (manager?.kind !== 'parent' || manager.pid === undefined) continue;
    if (ownLine.includes(manager.pid) || all.some(({ pid }) => pid === manager.pid)) continue;
    parents.set(manager.pid, manager);
  }
  return [...parents.values()].slice(0, 3).map(({ name, pid, stop = '' }) => ({
    kind: 'stop-parent',
    do: `If it comes back, stop its parent first: ${stop}`,
    because: `${printable(name)} (PID ${String(pid)}) started it; a supervisor starts it again whenever it ends.`,
  }));
}
