/** What can be advised: data, but for one question. */
import type { Manager } from '../kernel/observation.js';

/** Who has a command that stops what it looks after. */
const ASKED = ['systemd', 'docker', 'docker-proxy', 'podman', 'pm2', 'supervisord', 'runit', 'watcher'] as const;

type Asked = (typeof ASKED)[number];

/** A manager that has a command of its own. */
export interface AskedManager extends Manager {
  readonly kind: Asked;
  readonly stop: string;
}

/** Has it? Where it is only that somebody started the process, a kill is tried first. */
export function canBeAsked(manager: Manager): manager is AskedManager {
  return manager.stop !== undefined && (ASKED as readonly string[]).includes(manager.kind);
}

const OTHER_KINDS = [
  'set-flag', // before bind()
  'wait',
  'drop', // what is in TIME_WAIT
  'reserve', // the port, for the next time
  'kill',
  'continue', // what is stopped, and kill it
  'kill-hard', // what ignores SIGTERM
  'close', // the socket of this very process
  'stop-parent',
  'ask-root',
  'ask-lsof',
  'another-port',
  'another-path',
  'another-name',
  'unprivileged-port',
  'setcap',
  'authbind',
  'move-border',
  'find-rule',
  'change-rights', // of a folder
  'own-address',
  'any-address',
  'freebind',
  'remove-file',
  'unlink-first',
  'make-folder',
  'close-unneeded',
  'widen-range',
  'late-port', // IP_BIND_ADDRESS_NO_PORT
  'see-rights', // of a unix path
  'other-family',
  'leave-port', // to the kernel
  'reuse-connections',
  'give-address', // to explain()
] as const;

/** What is advised: `stop-systemd`: systemctl stop; `kill`: SIGTERM; `wait`: until it is free by itself … */
export type AdviceKind = (typeof OTHER_KINDS)[number] | `stop-${Asked}`;

/** All of {@link AdviceKind}. */
export const ADVICE_KINDS: readonly AdviceKind[] = [...OTHER_KINDS, ...ASKED.map((kind) => `stop-${kind}` as const)];

/** Something to do: a command or a line of code. */
export interface Advice {
  /** What is advised, in a word. */
  readonly kind: AdviceKind;
  /** What to do. */
  readonly do: string;
  /** Why that helps. */
  readonly because: string;
}
