/** Words that the diagnosis, the advice and the text have in common. Pure. */
import { endpoint } from '../kernel/holder.js';
import { printable } from '../../printable.js';
import type { Holder, Target } from '../kernel/observation.js';

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
  const word = pathWord(path);
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
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
export function processWord({ pid = 0, command = '' }: Holder): string {
  return command === '' ? `PID ${String(pid)}` : `${printable(command)} (PID ${String(pid)})`;
}

/** The command that asks about this target again. */
export function whyCommand({ protocol, address }: Target, ...options: readonly string[]): string {
  const what =
    protocol === 'unix'
      ? ['--unix', quoted(address.path)]
      : [
          String(address.port),
          ...(address.address === '0.0.0.0' ? [] : ['--host', address.address]),
          ...(protocol === 'udp' ? ['--udp'] : []),
        ];
  return ['bsd-sockets', 'why', ...what, ...options].join(' ');
}
