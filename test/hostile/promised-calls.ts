/** Every export of the promise layer and every method of its Socket, with arguments that make sense. */
import { inspect } from 'node:util';
import * as s from 'bsd-sockets';
import * as promises from 'bsd-sockets/promises';
import { CALLS } from './calls.js';
import type { Machine } from './machine.js';

type Socket = promises.Socket;
type Arguments = (machine: Machine) => unknown[];
type MethodsOf<Class> = {
  [Key in keyof Class]: Class[Key] extends (...args: never[]) => unknown ? Key : never;
}[keyof Class];

/** The arguments of the raw call of this name, without the descriptor. */
const raw =
  (name: string): Arguments =>
  (machine) =>
    (CALLS[name] as Arguments)(machine).slice(1);

/** Options for a call that waits: now and then with a signal, which may be aborted later. */
function waitOptions(m: Machine): Record<string, unknown> {
  if (m.random.chance(40)) return {};
  const controller = new AbortController();
  if (m.random.chance(10)) controller.abort();
  else if (m.random.chance(50)) setImmediate(() => controller.abort());
  return { signal: controller.signal };
}

/** The same for calls whose last argument is a number of flags. */
function transferOptions(m: Machine, flags: unknown): Record<string, unknown> {
  return { ...waitOptions(m), ...(m.random.chance(50) ? { flags } : {}) };
}

const transfer =
  (name: string): Arguments =>
  (m) => {
    const [view, flags, ...address] = raw(name)(m);
    return [view, ...address, ...(m.random.chance(50) ? [transferOptions(m, flags)] : [])];
  };

const size = (m: Machine): number => m.random.pick([1, 64, 65_536]);

/** By the name of the method. The compiler says where one is missing. */
export const METHODS: Readonly<Record<MethodsOf<Socket>, Arguments>> = {
  accept: (m) => [waitOptions(m)],
  bind: raw('bind'),
  chunks: (m) => [{ size: size(m), ...waitOptions(m) }],
  close: () => [],
  connect: (m) => [m.address(), waitOptions(m)],
  datagrams: (m) => [{ size: size(m), ...waitOptions(m) }],
  detach: () => [],
  getpeername: () => [],
  getsockname: () => [],
  getsockopt: raw('getsockopt'),
  incoming: (m) => [{ onError: () => undefined, ...waitOptions(m) }],
  listen: raw('listen'),
  poll: (m) => [m.random.pick([s.POLLIN, s.POLLOUT, s.POLLPRI, 0]), waitOptions(m)],
  recv: transfer('recv'),
  recvfrom: transfer('recvfrom'),
  recvmsg: (m) => {
    const [buffers, options] = raw('recvmsg')(m);
    return [buffers, { ...(options as object), ...waitOptions(m) }];
  },
  ref: () => [],
  send: transfer('send'),
  sendAll: transfer('send'),
  sendmsg: (m) => [...raw('sendmsg')(m), waitOptions(m)],
  sendto: transfer('sendto'),
  setsockopt: raw('setsockopt'),
  shutdown: raw('shutdown'),
  toDuplex: () => [{ allowHalfOpen: true, readableHighWaterMark: 1000, writableHighWaterMark: 1000 }],
  toWeb: () => [],
  unref: () => [],
  [Symbol.dispose]: () => [],
  [inspect.custom]: () => [2, {}],
};

type Callable = (...args: unknown[]) => unknown;

/** What is called without a socket: the exports, and what is static. */
export const FUNCTIONS: Readonly<Record<string, { call: Callable; make: Arguments }>> = {
  Socket: {
    call: (...args) => Reflect.construct(promises.Socket, args) as unknown,
    make: CALLS['socket'] as Arguments,
  },
  'Socket.pair': {
    call: (...args) => (Reflect.get(promises.Socket, 'pair') as Callable).apply(promises.Socket, args),
    make: CALLS['socketpair'] as Arguments,
  },
  'Socket.fromFd': {
    call: (...args) => (Reflect.get(promises.Socket, 'fromFd') as Callable).apply(promises.Socket, args),
    make: (m) => [m.fd()],
  },
  connect: {
    call: promises.connect as Callable,
    make: (m) => [m.address(), { type: s.SOCK_STREAM, ...waitOptions(m) }],
  },
  backend: { call: promises.backend, make: () => [] },
  listen: {
    call: promises.listen as Callable,
    make: (m) => [
      m.address(),
      { type: s.SOCK_STREAM, backlog: 5, reuseAddress: true, reusePort: false, v6Only: false },
    ],
  },
};

/** Exports that the table does not know. */
export function missing(): string[] {
  const functions = Object.entries(promises).filter(([, value]) => typeof value === 'function');
  return functions.map(([name]) => name).filter((name) => !(name in FUNCTIONS));
}
