/**
 * `node promised.js CALLS SEED`: calls everything of the promise layer with everything, as child.js does the raw API.
 * A promise waits or is settled, with an error that fits where it is rejected; once its socket is closed it has to be.
 */
import * as s from 'bsd-sockets';
import { Socket, type AcceptedSocket } from 'bsd-sockets/promises';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { misfit, shown } from './answers.js';
import { harmful, SO_PEERPIDFD } from './harm.js';
import { Machine, openFds } from './machine.js';
import { meddle, places } from './places.js';
import { FUNCTIONS, METHODS, missing } from './promised-calls.js';
import { Random } from './random.js';
import { Report } from './report.js';
import { HOSTILE, Thrown } from './values.js';

const [calls, seed] = [Number(process.argv[2]), Number(process.argv[3])];
const random = new Random(seed);
const report = new Report('promised', seed);
const sockets = new Set<Socket>();
const pending = new Map<Promise<unknown>, string>();

process.on('unhandledRejection', (error) => report.complain(`a rejection that nobody could handle: ${String(error)}`));

function note(name: string, args: readonly unknown[], error: unknown): void {
  const aborted = error instanceof DOMException && error.name === 'AbortError';
  const outcome =
    error instanceof Thrown ? 'getter' : aborted ? 'aborted' : String((error as NodeJS.ErrnoException).code);
  report.saw(outcome);
  const problem = aborted ? undefined : misfit(error);
  if (problem !== undefined) report.complain(`${name}(${shown(args)}): ${problem}`);
}

/** Takes what a call has made. */
function take(machine: Machine, name: string, result: unknown): void {
  if (result instanceof Socket) sockets.add(result);
  if (name === 'Socket.pair') for (const socket of result as Socket[]) sockets.add(socket);
  if (name === 'accept') sockets.add((result as AcceptedSocket).socket);
  if (name === 'toDuplex') (result as Duplex).on('error', (error) => note(name, [], error));
  if (name === 'detach') machine.own(result as number);
  if (name === 'recvmsg') {
    for (const { fds, data, level, type } of (result as s.ReceivedMessage).control) {
      for (const fd of fds ?? []) machine.own(fd);
      if (level === s.SOL_SOCKET && type === s.SCM_PIDFD && data.length >= 4) machine.own(data.readInt32LE());
    }
  }
  const step = result as IteratorResult<unknown, unknown>;
  if (name === 'incoming' && step.done !== true) take(machine, 'accept', step.value);
}

function follow(machine: Machine, name: string, args: readonly unknown[], promise: Promise<unknown>): void {
  pending.set(promise, `${name}(${shown(args)})`);
  const end = promise.then(
    (result) => {
      report.saw('ok');
      take(machine, name, result);
    },
    (error: unknown) => note(name, args, error),
  );
  void end.finally(() => pending.delete(promise));
}

function attempt(machine: Machine, name: string, call: (...args: unknown[]) => unknown, args: unknown[]): void {
  if (name === 'setsockopt' && harmful(name, [0, ...args], true)) return;
  if (name === 'getsockopt' && args[0] === s.SOL_SOCKET && args[1] === SO_PEERPIDFD) return; // it makes a descriptor
  if (name === 'Socket' && args[2] === 262) return; // MPTCP
  report.count++;
  const before = performance.now();
  try {
    const result = call(...args);
    const isLoop = typeof result === 'object' && result !== null && Symbol.asyncIterator in result && 'next' in result;
    if (result instanceof Promise) follow(machine, name, args, result);
    else if (isLoop) follow(machine, name, args, (result as AsyncGenerator).next());
    else take(machine, name, result);
    if (name === 'Socket.fromFd') machine.owned.delete(args[0] as number);
  } catch (error) {
    note(name, args, error);
  }
  report.took(performance.now() - before);
}

/** Some socket: of every kind, some closed. */
function someSocket(machine: Machine): Socket {
  if (sockets.size < 20 || random.chance(5)) makeSockets();
  const socket = random.pick([...sockets]);
  if (socket.fd === -1 && random.chance(90)) {
    sockets.delete(socket);
    return someSocket(machine);
  }
  return socket;
}

function makeSockets(): void {
  const type = random.pick([s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET]);
  for (const socket of Socket.pair(s.AF_UNIX, type)) sockets.add(socket);
  const inet = new Socket(s.AF_INET, random.pick([s.SOCK_STREAM, s.SOCK_DGRAM]));
  inet.bind({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  sockets.add(inet);
  if (random.chance(50) && inet.getsockopt(s.SOL_SOCKET, s.SO_TYPE) === s.SOCK_STREAM) inet.listen();
}

/** The calls by name: those of a socket take one that is there. */
function callOf(machine: Machine, name: string | symbol): (...args: unknown[]) => unknown {
  const known = typeof name === 'string' ? FUNCTIONS[name] : undefined;
  if (known) return known.call;
  const socket = someSocket(machine);
  return (...args) => (Reflect.get(socket, name) as (...args: unknown[]) => unknown).apply(socket, args);
}

const METHOD_NAMES = Reflect.ownKeys(METHODS) as (keyof typeof METHODS)[];
/** A method that has the name of a function of the package is called through the prefix. */
const MAKERS = new Map<string | symbol, (machine: Machine) => unknown[]>([
  ...Object.entries(FUNCTIONS).map(([name, { make }]): [string, (machine: Machine) => unknown[]] => [name, make]),
  ...METHOD_NAMES.map((name): [string | symbol, (machine: Machine) => unknown[]] => [
    `#${String(name)}`,
    METHODS[name],
  ]),
]);

function make(machine: Machine, name: string | symbol, args: unknown[]): void {
  const text = String(name);
  const method = METHOD_NAMES.find((key) => `#${String(key)}` === text);
  attempt(machine, text.replace('#', ''), callOf(machine, method ?? name), args);
}

/** Closes some sockets, and looks at what the calls have left. */
async function tidy(machine: Machine, atMost: number): Promise<void> {
  await nextTurn();
  while (sockets.size > atMost) {
    const socket = random.pick([...sockets]);
    socket.close();
    sockets.delete(socket);
  }
  machine.trim();
  if (machine.wroteOutside()) report.complain('a byte was written outside its view');
}

async function everything(machine: Machine): Promise<void> {
  for (const [name, makeArguments] of MAKERS) {
    const some = [...places(makeArguments(machine))].length + 1;
    for (let place = 0; place < some; place++) {
      for (const hostile of HOSTILE) {
        const args = [...makeArguments(machine)];
        const at = [...places(args)][place] ?? [args, String(args.length)];
        Reflect.set(at[0], at[1], hostile());
        make(machine, name, args);
      }
      await tidy(machine, 60);
    }
  }
}

function something(machine: Machine): void {
  const [name, makeArguments] = random.pick([...MAKERS]);
  const args = makeArguments(machine);
  const all = [...places(args)];
  const own = someSocket(machine);
  for (let i = random.pick([0, 0, 1, 1, 2]); i > 0 && all.length > 0; i--) {
    meddle(random, () => own.close(), random.pick(all), args);
  }
  make(machine, name, args);
}

/** Once all sockets are closed nothing waits any more, but connections that the shorthand makes to full listeners. */
async function settleAll(machine: Machine): Promise<void> {
  for (let round = 0; round < 1000; round++) {
    await tidy(machine, 0);
    if ([...pending.values()].every((name) => name.startsWith('connect('))) return;
  }
  report.complain(`still waits: ${[...pending.values()].slice(0, 5).join('; ')}`);
}

const unknown = missing();
if (unknown.length > 0) report.complain(`test/hostile/promised-calls.ts has no call of: ${unknown.join(', ')}`);
Socket.pair(s.AF_UNIX, s.SOCK_STREAM).forEach((socket) => socket.close()); // the poller has its descriptor
const before = openFds();
const machine = new Machine(random);
await everything(machine);
while (report.count < calls) {
  something(machine);
  if (report.count % 32 === 0) await tidy(machine, 60);
}
await settleAll(machine);
machine.closeAll();
if (pending.size === 0) {
  for (const [fd, what] of openFds())
    if (!before.has(fd)) report.complain(`descriptor ${String(fd)} has leaked: ${what}`);
}
report.finish();
