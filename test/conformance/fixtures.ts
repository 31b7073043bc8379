/** Sockets of all kinds, and looks at them, for the tables about connecting, sending, receiving and waiting. */
import * as s from 'bsd-sockets';
import { closeSync, openSync } from 'node:fs';
import { release } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { closing, tcp, timed } from '../support/sockets.js';
import { runScript } from '../support/scripts.js';
import { answer, outcome, received } from './case.js';
import { bound, closedFd, NONE, v4, v6 } from './endpoints.js';

/** AF_UNSPEC: connect(2) to it dissolves a connection. */
export const UNSPEC = { family: 'raw', sockaddr: new Uint8Array(16) } as const;

/** A socket of any kind, which is closed after the test and whose calls wait for 5 seconds at most. */
export function made(domain: number, type: number, protocol = 0): number {
  return timed(closing(s.socket(domain, type, protocol)), 5000);
}

/** Two unix sockets that are connected to each other. */
export function pair(type: number = s.SOCK_STREAM): [number, number] {
  const [first, second] = s.socketpair(s.AF_UNIX, type);
  return [timed(closing(first), 5000), timed(closing(second), 5000)];
}

/** A bound UDP socket. */
export function udp(address = v4()): number {
  return bound(address, NONE, s.SOCK_DGRAM);
}

/** Two connected UDP sockets. */
export function udpPair(): [number, number] {
  const [first, second] = [udp(), udp()];
  s.connect(first, s.getsockname(second));
  s.connect(second, s.getsockname(first));
  return [first, second];
}

/** What `call` says of a descriptor that is not open, and of one that is no socket. */
export function noSockets(call: (fd: number) => unknown): unknown[] {
  const file = openSync('/dev/null', 'r+');
  try {
    return [closedFd(), file].map((fd) => answer(() => call(fd) ?? 'ok'));
  } finally {
    closeSync(file);
  }
}

let names = 0;

/** A name for a unix socket that nobody else has, without a file. */
export function abstractName(): s.SocketAddress {
  return { family: 'Unix', path: `\0bsd-sockets-conformance-${String(process.pid)}-${String(names++)}` };
}

/** A bound unix socket. */
export function unix(type: number = s.SOCK_STREAM, address = abstractName()): number {
  const fd = made(s.AF_UNIX, type);
  s.bind(fd, address);
  return fd;
}

/** Makes a bound socket listen. */
export function listens(fd: number, backlog?: number): number {
  s.listen(fd, backlog);
  return fd;
}

/** Takes the next connection of a listener. */
export function accepted(listener: number): number {
  return timed(closing(s.accept(listener).fd), 5000);
}

/** A TCP listener whose queue is full, and the connection in it. */
export function fullListener(): { fd: number; address: s.SocketAddress; queued: number } {
  const fd = listens(bound(v4()), 0);
  const address = s.getsockname(fd);
  const queued = tcp();
  s.connect(queued, address);
  return { fd, address, queued };
}

/** The address of a port of the loopback on which nobody is: a socket had it and is closed. */
export function deserted(type: number = s.SOCK_STREAM): s.SocketAddress {
  const fd = s.socket(s.AF_INET, type);
  s.bind(fd, v4());
  const address = s.getsockname(fd);
  s.close(fd);
  return address;
}

/** Makes calls on a descriptor return at once. */
export function nonBlocking(fd: number): number {
  s.fcntl(fd, s.F_SETFL, s.fcntl(fd, s.F_GETFL) | s.O_NONBLOCK);
  return fd;
}

/** Sends text; how much of it was sent. */
export function sendText(fd: number, text: string, flags = 0): number {
  return s.send(fd, Buffer.from(text, 'latin1'), flags);
}

/** The text that comes, in its time. */
export function awaited(fd: number, length = 64): string {
  return received(fd, length, 0);
}

/** The pending error of a socket, which goes with it: its code, or 0. */
export function pendingError(fd: number): string | 0 {
  const errno = s.getsockopt(fd, s.SOL_SOCKET, s.SO_ERROR);
  return errno === 0 ? 0 : getSystemErrorName(-errno);
}

/** The names of events, in one text: 'IN|HUP'; '0' for none. */
export function eventNames(revents: number | undefined): string {
  const known = [
    ['IN', s.POLLIN],
    ['PRI', s.POLLPRI],
    ['OUT', s.POLLOUT],
    ['ERR', s.POLLERR],
    ['HUP', s.POLLHUP],
    ['NVAL', s.POLLNVAL],
    ['RDHUP', s.POLLRDHUP],
  ] as const;
  const set = known.filter(([, bit]) => ((revents ?? 0) & bit) !== 0).map(([name]) => name);
  return set.length === 0 ? '0' : set.join('|');
}

/** What poll(2) says of one descriptor; it does not wait unless it shall. */
export function polled(fd: number, events: number, timeoutMs = 0): string {
  const entry: s.PollFd = { fd, events };
  s.poll([entry], timeoutMs);
  return eventNames(entry.revents);
}

/**
 * What calls in a process of its own say, of which each is interrupted by a signal with a listener: results, or the
 * codes of errors. `code` makes each call with `interrupted(() => …)`; it has the package as `s`.
 */
export async function interruptedCalls(code: string): Promise<unknown[]> {
  const script = runScript(`
    import * as s from 'bsd-sockets';
    process.on('SIGUSR2', () => undefined);
    const answers = [];
    const answer = (call) => { try { return call() } catch (error) { return error.code } };
    const interrupted = (call) => { console.log('round ' + answers.length); answers.push(answer(call)) };
    ${code}
    console.log(JSON.stringify(answers));`);
  let round = 0;
  script.child.stdout?.on('data', (text: string) => {
    for (const end = round + text.split('round ').length - 1; round < end; round++) script.child.kill('SIGUSR2');
  });
  const { stdout, stderr } = await script.ended;
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('['))) as unknown[];
}

/** The skip for a case that needs IPv6 on this machine. */
export const NEEDS_IPV6 = ((): string | undefined => {
  let fd: number | undefined;
  const tried = outcome(() => {
    fd = s.socket(s.AF_INET6, s.SOCK_DGRAM);
    s.bind(fd, v6());
  });
  if (fd !== undefined) s.close(fd);
  return tried === 'ok' ? undefined : `there is no IPv6: ${tried}`;
})();

/** The skip for a case that needs this Linux or a later one. */
export function needsLinux(major: number, minor: number): string | undefined {
  const [hasMajor = 0, hasMinor = 0] = release().split('.').map(Number);
  const isThere = hasMajor > major || (hasMajor === major && hasMinor >= minor);
  return isThere ? undefined : `it needs Linux ${String(major)}.${String(minor)}`;
}
