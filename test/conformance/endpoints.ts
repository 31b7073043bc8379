/** Addresses, bound sockets and connections, as many cases need them. */
import * as s from 'bsd-sockets';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { closeNow, closing, tcp, timed } from '../support/sockets.js';
import { answer, outcome } from './case.js';
import { until } from '../support/until.js';

/** The options that decide whether a port can be shared, in the order of the tables. */
export const NONE: number[] = [];
export const ADDR = [s.SO_REUSEADDR];
export const PORT = [s.SO_REUSEPORT];

export function v4(port = 0, address = '127.0.0.1'): s.SocketAddress {
  return { family: 'IPv4', address, port };
}

export function v6(port = 0, address = '::1'): s.SocketAddress {
  return { family: 'IPv6', address, port };
}

export const ANY4 = '0.0.0.0';

/** The constant, which not every system has. */
export function has(constant: number | undefined): number {
  if (constant === undefined) throw new Error('this system lacks the constant');
  return constant;
}

/** Switches options of the socket on. */
export function on(fd: number, options: readonly number[]): number {
  for (const option of options) s.setsockopt(fd, s.SOL_SOCKET, option, 1);
  return fd;
}

/** A socket of the address's family that is closed after the test. */
export function open(address: s.SocketAddress, options: readonly number[] = NONE, type = s.SOCK_STREAM): number {
  const domains: Record<string, number> = {
    ...{ IPv4: s.AF_INET, IPv6: s.AF_INET6, Unix: s.AF_UNIX, Netlink: s.AF_NETLINK },
  };
  return on(timed(closing(s.socket(has(domains[address.family]), type)), 5000), options);
}

/** A socket with an address of its own. */
export function bound(address: s.SocketAddress, options: readonly number[] = NONE, type = s.SOCK_STREAM): number {
  const fd = open(address, options, type);
  s.bind(fd, address);
  return fd;
}

/** A socket that listens. */
export function listening(address: s.SocketAddress, options: readonly number[] = NONE): number {
  const fd = bound(address, options);
  s.listen(fd, 64);
  return fd;
}

/** What bind says to a new socket, which keeps the address until the test ends. */
export function binding(address: s.SocketAddress, options: readonly number[] = NONE, type = s.SOCK_STREAM): string {
  const fd = open(address, options, type);
  return outcome(() => {
    s.bind(fd, address);
  });
}

/** As {@link binding}, for an address that comes free as soon as the kernel has handled the last segment. */
export function bindingSoon(address: s.SocketAddress, options: readonly number[] = NONE): Promise<string> {
  return soon('ok', () => {
    const fd = open(address, options);
    const result = outcome(() => {
      s.bind(fd, address);
    });
    if (result !== 'ok') closeNow(fd);
    return result;
  });
}

/** What `look` answers: at once where it is `expected`, else after five seconds of looking again. */
export async function soon<Value>(expected: Value, look: () => Value): Promise<Value> {
  const end = performance.now() + 5000;
  let seen: Value | undefined;
  await until(() => (seen = look()) === expected || performance.now() > end);
  return seen as Value;
}

/** The port in a socket's own name. */
export function portOf(fd: number): number {
  const name = s.getsockname(fd);
  return 'port' in name ? name.port : NaN;
}

/** A port that nobody has at any address. */
export function freePort(): number {
  const everywhere = answer(() => bound(v6(0, '::')));
  const fd = typeof everywhere === 'number' ? everywhere : bound(v4(0, ANY4)); // without IPv6
  const port = portOf(fd);
  closeNow(fd);
  return port;
}

/** Both ends of a connection to a listener. */
export interface Ends {
  client: number;
  server: number;
}

/** Connects to `listener` with `client`, and accepts. */
export function joined(listener: number, client = open(s.getsockname(listener))): Ends {
  s.connect(client, s.getsockname(listener));
  return { client, server: timed(closing(s.accept(listener).fd), 5000) };
}

/** Both ends of a TCP connection, which needs the listener no more. */
export function apart(
  address = v4(),
  options: readonly number[] = NONE,
  client = open(address),
): Ends & { port: number } {
  const listener = listening(address, options);
  const ends = joined(listener, client);
  const port = portOf(listener);
  closeNow(listener);
  return { ...ends, port };
}

/** Reads up to the end of the stream: the peer's FIN is here. */
export function awaitEnd(fd: number): unknown {
  return answer(() => s.recv(fd, Buffer.alloc(64)));
}

/** Closes the first end, waits for that to reach the other, and closes it: TIME_WAIT is on the first end's port. */
export function finish(first: number, second: number): void {
  closeNow(first);
  awaitEnd(second);
  closeNow(second);
}

/** Which of the sockets can be read first; -1 where none can within five seconds. */
export function readable(fds: readonly number[]): number {
  const set = fds.map((fd) => ({ fd, events: s.POLLIN, revents: 0 }));
  s.poll(set, 5000);
  return set.findIndex(({ revents }) => revents !== 0);
}

/** Is the descriptor closed on exec, and is it non-blocking? */
export function flagsOf(fd: number): { cloexec: boolean; nonblock: boolean } {
  return {
    cloexec: (s.fcntl(fd, s.F_GETFD) & s.FD_CLOEXEC) !== 0,
    nonblock: (s.fcntl(fd, s.F_GETFL) & s.O_NONBLOCK) !== 0,
  };
}

/** A setting of the kernel, or undefined where it has none. */
export function sysctl(name: string): number | undefined {
  const text = answer(() => readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8'));
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** A file descriptor that is closed and stays so while nothing is opened. */
export function closedFd(): number {
  const fd = tcp();
  closeNow(fd);
  return fd;
}

/** Calls with a descriptor that is no socket. */
export function withDevNull<Value>(call: (fd: number) => Value, flags: string | number = 'r'): Value {
  const fd = openSync('/dev/null', flags);
  try {
    return call(fd);
  } finally {
    closeSync(fd);
  }
}
