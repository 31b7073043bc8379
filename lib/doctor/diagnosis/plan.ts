/** What would free a port, step by step: from what was found. Pure. */
import { areOrphans, isConnection, processesOf } from '../kernel/holder.js';
import type { Holder, Manager } from '../kernel/observation.js';
import { canBeAsked } from './advice.js';
import type { Diagnosis } from './diagnosis.js';

/** One thing to do. */
export type Step =
  | { readonly kind: 'set-flag'; readonly pid: number; readonly command: string }
  | {
      readonly kind: 'stop';
      readonly pid: number;
      readonly command: string;
      readonly inodes: readonly number[];
      readonly stopped: boolean;
      readonly kill: boolean;
    }
  | { readonly kind: 'ask'; readonly manager: Manager; readonly inodes: readonly number[] }
  | { readonly kind: 'destroy'; readonly sockets: readonly Holder[] }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'refuse'; readonly why: Refusal; readonly process?: Holder };

/**
 * Why nothing is done: nobody has it; the kernel itself closes it; no process is seen, or only by root; the process is
 * the first one, this one, one above it; its manager takes root; it ignores SIGTERM.
 */
export type Refusal =
  | 'no-holder'
  | 'kernel'
  | 'unseen'
  | 'only-root-sees'
  | 'first-process'
  | 'this-process'
  | 'above'
  | 'manager-of-root'
  | 'ignores-term';

/** Who asks, and what is allowed. */
export interface PlanFor {
  readonly uid: number;
  /** This process and those above it: none of them is ever touched. */
  readonly ownLine: readonly number[];
  /** May SIGKILL follow where SIGTERM did not help? */
  readonly force: boolean;
  /** Could SOCK_DESTROY not do its work before? */
  readonly cannotDestroy?: boolean;
}

/** The steps; none where nothing is in the way. What no step can do something about is refused, with the reason. */
export function planFor(found: Diagnosis, who: PlanFor): Step[] {
  const { verdict, holders, path } = found;
  if (verdict === 'free') return [];
  if (verdict === 'left-behind' && path !== undefined) return [{ kind: 'remove', path }];
  const processes = processesOf(holders);
  if (processes.length > 0) return processes.flatMap((one) => stepsFor(one, holders, found, who));
  const left = holders.filter(({ inode }) => inode === 0);
  if (left.length === 0 || left.length < holders.length) return [{ kind: 'refuse', why: whyNot(found, who) }];
  if (who.uid === 0 && who.cannotDestroy !== true) return [{ kind: 'destroy', sockets: left }];
  return found.freeInMs === null
    ? [{ kind: 'refuse', why: whyNot(found, who) }]
    : [{ kind: 'wait', ms: found.freeInMs }];
}

function whyNot({ verdict, holders }: Diagnosis, { uid }: PlanFor): Refusal {
  if (!['listening', 'open', 'bound', 'connected', 'outgoing', 'unseen', 'expiring'].includes(verdict)) {
    return 'no-holder';
  }
  if (areOrphans(holders) && holders.every(isConnection)) return 'kernel';
  return uid === 0 ? 'unseen' : 'only-root-sees';
}

function stepsFor(holder: Holder, all: readonly Holder[], found: Diagnosis, who: PlanFor): Step[] {
  const { pid = 0, command = '', manager, stopped = false, ignoresTerm = false } = holder;
  const refuse = (why: Refusal): Step[] => [{ kind: 'refuse', why, process: holder }];
  if (pid === 1) return refuse('first-process');
  if (who.ownLine.includes(pid)) return refuse(pid === who.ownLine[0] ? 'this-process' : 'above');
  const inodes = all.filter((one) => one.pid === pid).map(({ inode }) => inode);
  const flagless = found.protocol === 'tcp' && all.some((one) => one.pid === pid && one.reuseaddr === false);
  const first: Step[] = flagless ? [{ kind: 'set-flag', pid, command }] : [];
  if (manager !== undefined && canBeAsked(manager) && !who.ownLine.includes(manager.pid ?? 0)) {
    if (manager.root === true && who.uid !== 0) return refuse('manager-of-root');
    return [...first, { kind: 'ask', manager, inodes }];
  }
  if (ignoresTerm && !who.force) return refuse('ignores-term');
  return [...first, { kind: 'stop', pid, command, inodes, stopped, kill: who.force }];
}

/** What a step is about: one that was done is not done twice. */
export function keyOf(step: Step): string {
  switch (step.kind) {
    case 'set-flag':
    case 'stop':
      return `${step.kind} ${String(step.pid)}`;
    case 'ask':
      return `ask ${step.manager.stop ?? ''}`;
    case 'destroy':
      return `destroy ${step.sockets
        .filter(isConnection)
        .map(({ remote }) => `${remote?.address ?? ''}:${String(remote?.port)}`)
        .join()}`;
    case 'remove':
      return `remove ${step.path}`;
    default:
      return step.kind;
  }
}
