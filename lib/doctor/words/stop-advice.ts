/** How what has a port is ended for good. Pure. */
import { canBeAsked, type Advice, type AskedManager } from '../diagnosis/advice.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { processesOf } from '../kernel/holder.js';
import type { Holder, Manager } from '../kernel/observation.js';
import { printable } from '../../printable.js';
import type { Tell } from '../../language.js';
import { managerName, sudo, tellOf } from './words.js';

/** How the processes are stopped that have it; none where no process is known. */
export function stopProcesses(found: Case): Advice[] {
  const { holders, pid } = found;
  const t = tellOf(found);
  const own = holders.some((holder) => holder.pid === pid);
  const others = processesOf(holders).filter((holder) => holder.pid !== pid);
  const managed = byManager(others, found);
  const left = others.filter((holder) => !managed.some(({ holders: some }) => some.includes(holder)));
  return [
    ...(own
      ? [
          {
            kind: 'close' as const,
            do: t('Close that socket in this very process: close(fd)', '在本进程里关闭那个套接字：close(fd)'),
            because: t('It is open here.', '它就在这里开着。'),
          },
        ]
      : []),
    ...managed.map(({ manager, root }) => askManager(manager, root, t)),
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

function askManager({ name, stop, kind }: AskedManager, root: string, t: Tell): Advice {
  const because =
    kind === 'docker' || kind === 'podman' || kind === 'docker-proxy'
      ? t(
          `It belongs to ${printable(name)}; a process that is killed there may be started again.`,
          `它属于${managerName(name, t)}；在那里被 kill 的进程可能会再次启动。`,
        )
      : t(
          `${printable(upper(name))} looks after it, and may start it again when it is only killed.`,
          `${managerName(name, t)}照看着它；只 kill 它的话，可能会被再次启动。`,
        );
  return {
    kind: `stop-${kind}`,
    do: `${t('Stop it where it is looked after: ', '由照看它的来停止：')}${root}${stop}`,
    because,
  };
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function kill(holders: readonly Holder[], all: number, found: Case): Advice[] {
  const { uid, ownLine = [] } = found;
  const t = tellOf(found);
  if (holders.length === 0) return [];
  const pids = holders.map(({ pid }) => String(pid)).join(' ');
  const isForeign = uid > 0 && holders.some((holder) => holder.uid >= 0 && holder.uid !== uid);
  const root = isForeign ? 'sudo ' : '';
  const stopped = holders.filter((holder) => holder.stopped).map(({ pid }) => String(pid));
  const deaf = holders.every(({ ignoresTerm }) => ignoresTerm);
  const number = String(holders.length);
  const what =
    holders.length > 1
      ? t(`Stop these ${number} programs: `, `结束这 ${number} 个程序：`)
      : t('Stop that program: ', '结束那个程序：');
  const resume = stopped.length === 0 || deaf ? '' : `${root}kill -CONT ${stopped.join(' ')}; `;
  const command = `${resume}${root}kill ${deaf ? '-9 ' : ''}${pids}`;
  const isParent = holders.some(({ pid = 0 }) => ownLine.includes(pid))
    ? t(' It is a parent of this very program.', '它是本程序的上级进程。')
    : '';
  return [
    {
      kind: deaf ? 'kill-hard' : resume === '' ? 'kill' : 'continue',
      do: `${what}${command}`,
      because: `${reason(holders, all, found, deaf)}${isParent}`,
    },
  ];
}

function reason(holders: readonly Holder[], all: number, found: Case, deaf: boolean): string {
  const t = tellOf(found);
  if (deaf)
    return t(
      'It ignores SIGTERM, so only SIGKILL (-9) ends it: it has no chance to save anything.',
      '它忽略 SIGTERM，只有 SIGKILL（-9）能结束它：它没有机会保存任何东西。',
    );
  if (holders.some(({ stopped }) => stopped)) {
    return t(
      'It is stopped (Ctrl-Z): it does not see the signal before it goes on (-CONT).',
      '它被停住了（Ctrl-Z）：要先让它继续（-CONT），它才会看到信号。',
    );
  }
  if (all > 1)
    return t(
      'The socket stays until the last process that has it open closes it or ends.',
      '要等最后一个打开它的进程关闭它或者退出，套接字才会消失。',
    );
  return found.verdict === 'connected' || found.verdict === 'outgoing'
    ? t(
        'When a program ends, its connections are closed; what then is in TIME_WAIT takes a minute.',
        '程序结束时，它的连接会被关闭；之后处于 TIME_WAIT 的还要一分钟。',
      )
    : t('When a program ends, its sockets are closed.', '程序结束时，它的套接字会被关闭。');
}

/** Somebody started it who is no shell: it may be a supervisor. Nobody is told to stop himself or his terminal. */
function againstReturn(holders: readonly Holder[], found: Case): Advice[] {
  const { ownLine = [], holders: all } = found;
  const t = tellOf(found);
  const parents = new Map<number, Manager>();
  for (const holder of holders) {
    const { manager } = holder;
    if (manager?.kind !== 'parent' || manager.pid === undefined) continue;
    if (ownLine.includes(manager.pid) || all.some(({ pid }) => pid === manager.pid)) continue;
    parents.set(manager.pid, manager);
  }
  return [...parents.values()].slice(0, 3).map(({ name, pid, stop = '' }) => ({
    kind: 'stop-parent',
    do: `${t('If it comes back, stop its parent first: ', '如果它又回来，就先结束它的父进程：')}${stop}`,
    because: t(
      `${printable(name)} (PID ${String(pid)}) started it; a supervisor starts it again whenever it ends.`,
      `它是 ${printable(name)} (PID ${String(pid)}) 启动的；如果那是守护程序，它每次结束都会被再次启动。`,
    ),
  }));
}
