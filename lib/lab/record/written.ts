/** Native calls written down as C has them: `bind(3, 127.0.0.1:12000)`. Pure. */
import { flagNames, constantName, optionName } from '../../names.js';
import { decodeAddress } from '../../sockaddr.js';
import { endpoint } from '../../doctor/kernel/holder.js';

/** A call that is told. */
export interface Written {
  /** The system call's name: `'accept'`. */
  readonly name: string;
  /** The whole call. */
  readonly text: string;
  /** The descriptor it is made on; left out where it makes one. */
  readonly fd?: number;
}

type Args = readonly unknown[];
type Writer = (args: Args) => readonly string[];

const int = (value: unknown): string => String(value);
const size = (value: unknown): string => `${String((value as Uint8Array).length)} bytes`;
const named = (prefix: string) => (value: unknown) => constantName(prefix, value as number) ?? int(value);
const flagsAt = (args: Args, index: number): string[] =>
  args[index] === 0 || args[index] === undefined ? [] : [flagNames('MSG_', args[index] as number).join('|')];
const fdOnly: Writer = ([fd]) => [int(fd)];

function address(value: unknown): string {
  const bytes = value as Uint8Array | undefined;
  const decoded = bytes === undefined ? null : decodeAddress(bytes, bytes.length);
  if (decoded === null) return 'NULL';
  if (decoded.family === 'IPv4' || decoded.family === 'IPv6') return endpoint(decoded);
  return decoded.family === 'Unix' ? JSON.stringify(String(decoded.path)) : decoded.family;
}

const madeOf: Writer = ([domain, type, protocol]) => [
  named('AF_')(domain),
  // SOCK_NONBLOCK and SOCK_CLOEXEC are bits beside the type.
  [named('SOCK_')((type as number) & 0xf), ...(((type as number) & ~0xf) === 0 ? [] : ['…'])].join('|'),
  int(protocol),
];
const option = ([fd, level, name]: Args): string[] => [
  int(fd),
  named(level === 1 || level === 0xffff ? 'SOL_' : 'IPPROTO_')(level),
  optionName(level as number, name as number) ?? int(name),
];
const buffers = (views: Args): string =>
  `${String(views.reduce((sum: number, view) => sum + (view as Uint8Array).length, 0))} bytes`;
const bytesThen =
  (flags: number): Writer =>
  (args) => [int(args[0]), size(args[1]), ...flagsAt(args, flags)];

/** What is told of which native function; of the others nothing: they only read, or are the promises' own. */
const CALLS: Readonly<Record<string, readonly [name: string, write: Writer]>> = {
  socket: ['socket', madeOf],
  ownSocket: ['socket', madeOf],
  socketpair: ['socketpair', madeOf],
  ownPair: ['socketpair', madeOf],
  bind: ['bind', ([fd, sockaddr]) => [int(fd), address(sockaddr)]],
  connect: ['connect', ([fd, sockaddr]) => [int(fd), address(sockaddr)]],
  connectNow: ['connect', ([fd, sockaddr]) => [int(fd), address(sockaddr)]],
  listen: ['listen', ([fd, backlog]) => [int(fd), int(backlog)]],
  accept: ['accept', fdOnly],
  ownAccepted: ['accept', fdOnly],
  recv: ['recv', bytesThen(2)],
  recvNow: ['recv', bytesThen(3)],
  recvfrom: ['recvfrom', bytesThen(2)],
  recvfromNow: ['recvfrom', bytesThen(3)],
  recvmsg: ['recvmsg', (args) => [int(args[0]), buffers(args.slice(3)), ...flagsAt(args, 1)]],
  send: ['send', bytesThen(2)],
  sendNow: ['send', bytesThen(3)],
  sendto: ['sendto', (args) => [...bytesThen(2)(args), address(args[3])]],
  sendtoNow: ['sendto', (args) => [...bytesThen(3)(args), address(args[4])]],
  sendmsg: ['sendmsg', (args) => [int(args[0]), buffers(args.slice(4)), ...flagsAt(args, 1)]],
  shutdown: ['shutdown', ([fd, how]) => [int(fd), named('SHUT_')(how)]],
  close: ['close', fdOnly],
  closeOwn: ['close', fdOnly],
  setsockoptInt: ['setsockopt', (args) => [...option(args), int(args[3])]],
  setsockopt: ['setsockopt', (args) => [...option(args), size(args[3])]],
  poll: [
    'poll',
    ([fds, timeoutMs]) => [`${String((fds as Uint8Array).length / 8)} descriptors`, `${int(timeoutMs)} ms`],
  ],
};

const MAKERS = ['socket', 'socketpair', 'poll'];

/** A native call as it is told; undefined: it is not. */
export function written(native: string, args: Args): Written | undefined {
  const found = Object.hasOwn(CALLS, native) ? CALLS[native] : undefined;
  if (found === undefined) return undefined;
  const [name, write] = found;
  const text = `${name}(${write(args).join(', ')})`;
  return MAKERS.includes(name) ? { name, text } : { name, text, fd: args[0] as number };
}

/** Calls of promises, which say EAGAIN where C would wait: the wait is one call to the reader. */
export function mayWait(native: string): boolean {
  return native.endsWith('Now') || native === 'ownAccepted';
}
