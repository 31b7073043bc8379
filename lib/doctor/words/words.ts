/** Words that the diagnosis, the advice and the text have in common. Pure. */
import { endpoint } from '../kernel/holder.js';
import { printable, quotedForShell } from '../../printable.js';
import type { Holder, Observation, Target } from '../kernel/observation.js';

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `1 connection`, `12,000 connections`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${String(number).replace(/\B(?=(\d{3})+$)/g, ',')} ${number === 1 ? one : many}`;
}

/** `43.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A path as it is typed after `--unix`: an abstract name with `@` in front. */
export function pathWord(path: string): string {
  return printable(path.startsWith('\0') ? `@${path.slice(1)}` : path);
}

/** A path in a command for a shell. */
export function quoted(path: string): string {
  return quotedForShell(path.startsWith('\0') ? `@${path.slice(1)}` : path);
}

/** The target at the beginning of a sentence: `Port 80`, `UDP port 53`, `The path /tmp/x`. */
export function subject({ protocol, address }: Target): string {
  if (protocol === 'unix') {
    return `The ${address.path.startsWith('\0') ? 'abstract name' : 'path'} ${pathWord(address.path)}`;
  }
  return `${protocol === 'udp' ? 'UDP port' : 'Port'} ${String(address.port)}`;
}

/** What bind(2) is given: `0.0.0.0:80`, or the path. */
export function boundTo({ protocol, address }: Target): string {
  return protocol === 'unix' ? pathWord(address.path) : endpoint(address);
}

/** A process: `node (PID 42)`. */
export function processWord({ pid = 0, command = '' }: Pick<Holder, 'pid' | 'command'>): string {
  return command === '' ? `PID ${String(pid)}` : `${printable(command)} (PID ${String(pid)})`;
}

/** The command that asks about this target again, or does something about it. */
export function commandOn(
  {
    target,
    program = 'bsd-sockets',
    programForRoot = program,
  }: Pick<Observation, 'target' | 'program' | 'programForRoot'>,
  { word = 'why', asRoot = false, options = [] as readonly string[] } = {},
): string {
  const { protocol, address } = target;
  const what =
    protocol === 'unix'
      ? ['--unix', quoted(address.path)]
      : [
          String(address.port),
          ...(target.dual === true || (protocol === 'udp' && address.address === '0.0.0.0')
            ? []
            : ['--host', address.address]),
          ...(protocol === 'udp' ? ['--udp'] : []),
        ];
  return [...(asRoot ? ['sudo', programForRoot] : [program]), word, ...what, ...options].join(' ');
}

/** What stands before a command that only root may run. */
export const sudo = (uid: number): string => (uid === 0 ? '' : 'sudo ');
