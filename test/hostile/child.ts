/**
 * `node child.js CALLS SEED`: calls everything with everything. It ends with a line of JSON, and with status 1 where
 * something was wrong: an error without a code, a descriptor that is still open, a byte written outside a view.
 */
import * as s from 'bsd-sockets';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorMap } from 'node:util';
import { CALLS, exportedFunctions, nativeGetsockopt } from './calls.js';
import { Machine, openFds } from './machine.js';
import { Random } from './random.js';
import { anyHostile, detach, HOSTILE, meddling, throwing, Thrown } from './values.js';

const [calls, seed] = [Number(process.argv[2]), Number(process.argv[3])];
const random = new Random(seed);
const functions = exportedFunctions();
const outcomes = new Map<string, number>();
const wrong: string[] = [];
let count = 0;
let longestMs = 0;

function complain(what: string): void {
  wrong.push(`call ${String(count)}: ${what}`);
  if (wrong.length >= 20) finish();
}

const NAMES = new Set([...Object.keys(constants.errno), ...[...getSystemErrorMap().values()].map(([name]) => name)]);
const RANGE = new Set(['ERR_OUT_OF_RANGE', 'ERR_SOCKET_BAD_PORT']);

/** What is wrong with the error of a call, if anything is. */
function misfit(error: unknown): string | undefined {
  if (error instanceof Thrown) return undefined;
  if (!(error instanceof Error)) return 'it threw something that is no Error';
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === undefined) return `no code: ${error.stack ?? error.message}`;
  if (code.startsWith('ERR_')) {
    const fits = RANGE.has(code) ? error instanceof RangeError : error instanceof TypeError;
    return fits ? undefined : `${code} is a ${error.name}`;
  }
  const known = NAMES.has(code) || code === 'E524'; // ENOTSUPP, which the kernel should keep to itself
  if (!known || !(error instanceof s.SocketError)) return `${error.name} ${code}`;
  return typeof errno === 'number' && errno < 0 ? undefined : `${code} with errno ${String(errno)}`;
}

/** The arguments in words; no property of them is looked at, since it may be a trap. */
function shown(args: readonly unknown[]): string {
  const text = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 40) : typeof value;
  return args.map(text).join(', ');
}

function attempt(machine: Machine, name: string, args: unknown[], hostile: boolean): void {
  if (harmful(name, args, hostile)) return;
  const call = name === 'native.getsockopt' ? nativeGetsockopt : functions.get(name);
  if (call === undefined) return;
  count++;
  let outcome = 'ok';
  const started = performance.now();
  try {
    adopt(machine, name, args, call(...args));
  } catch (error) {
    outcome = error instanceof Thrown ? 'getter' : String((error as NodeJS.ErrnoException).code);
    const problem = misfit(error);
    if (problem !== undefined) complain(`${name}(${shown(args)}): ${problem}`);
  }
  longestMs = Math.max(longestMs, performance.now() - started);
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (machine.wroteOutside()) complain(`${name}(${shown(args)}) wrote outside its view`);
}

// Options of the levels IP and IPv6 that would send packets to the network (groups, source routes, other next hops),
// of TCP that load kernel modules, and SO_BUSY_POLL, which spins.
const HARMFUL = new Map<number, (option: number) => boolean>([
  [s.SOL_SOCKET, (option) => option === 46],
  [s.IPPROTO_IP, (option) => option === 4 || (option >= 32 && option <= 49) || option >= 200],
  [s.IPPROTO_IPV6, (option) => [9, 20, 21, 27, 28, 57].includes(option) || (option >= 42 && option <= 48)],
  [s.IPPROTO_TCP, (option) => option === 13 || option === 31],
]);
const SO_PEERPIDFD = 77;

/** Would the call harm the machine, wait for ever, or make a descriptor that it cannot tell? */
function harmful(name: string, args: readonly unknown[], hostile: boolean): boolean {
  const [, level, option, last] = args;
  if (name === 'fcntl') return (level === s.F_SETOWN || level === s.F_SETSIG) && option !== 0;
  if (name === 'setsockopt') return typeof option === 'number' && HARMFUL.get(level as number)?.(option) === true;
  if (name.endsWith('getsockopt') && level === s.SOL_SOCKET && option === SO_PEERPIDFD) return last !== undefined;
  // An unspoilt list has a descriptor that is ready at once.
  return hostile && name === 'poll' && typeof level === 'number' && (level === -1 || level > 1);
}

/** Takes the descriptors that a call has made or closed. */
function adopt(machine: Machine, name: string, args: readonly unknown[], result: unknown): void {
  const [first, level, option] = args;
  if (name === 'socket') machine.own(result as number);
  if (name === 'socketpair') for (const fd of result as number[]) machine.own(fd);
  if (name === 'accept') machine.own((result as s.Accepted).fd);
  if (name === 'close') machine.owned.delete(first as number);
  if (name === 'fcntl' && (level === s.F_DUPFD || level === s.F_DUPFD_CLOEXEC)) machine.own(result as number);
  if (name === 'recvmsg') for (const fd of received(result as s.ReceivedMessage)) machine.own(fd);
  if (name === 'getsockopt' && level === s.SOL_SOCKET && option === SO_PEERPIDFD) machine.own(result as number);
  if (name === 'setsockopt') machine.tame(first as number); // it may have changed the timeouts
}

function received({ control }: s.ReceivedMessage): number[] {
  return control.flatMap(({ fds, level, type, data }) => {
    if (level === s.SOL_SOCKET && type === s.SCM_PIDFD && data.length >= 4) return [data.readInt32LE()];
    return fds ?? [];
  });
}

/** The places in arguments where another value can stand: the arguments themselves, and what is in objects. */
function* places(value: unknown, depth = 0): Generator<[holder: object, key: PropertyKey]> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > 4) return;
  const keys = Object.keys(value);
  for (const key of keys.slice(0, 8)) {
    yield [value, key];
    yield* places(Reflect.get(value, key), depth + 1);
  }
}

/** Every function, every place, every value. */
function everything(machine: Machine): void {
  for (const [name, make] of Object.entries(CALLS)) {
    if (name.startsWith('native.')) continue;
    const some = [...places(make(machine))].length + 1;
    for (let place = 0; place < some; place++) {
      for (const hostile of HOSTILE) {
        const args = [...make(machine)];
        const at = [...places(args)][place] ?? [args, String(args.length)];
        Reflect.set(at[0], at[1], hostile());
        attempt(machine, name, args, true);
      }
      machine.trim();
    }
  }
}

/** One function, with values that are bad here and there. */
function something(machine: Machine, names: readonly string[]): void {
  const name = random.pick(names);
  const args = (CALLS[name] as (machine: Machine) => unknown[])(machine);
  const bad = name.startsWith('native.') ? 0 : random.pick([0, 0, 0, 1, 1, 2]);
  const all = [...places(args)];
  for (let i = 0; i < bad && all.length > 0; i++) meddle(machine, ...random.pick(all), args);
  attempt(machine, name, args, bad > 0);
}

function meddle(machine: Machine, holder: object, key: PropertyKey, args: unknown[]): void {
  const own = random.pick([...machine.owned]);
  const ways: readonly (() => void)[] = [
    () => void Reflect.set(holder, key, anyHostile(random)),
    () => void Reflect.set(holder, key, anyHostile(random)),
    () => throwing(holder, key),
    () => meddling(holder, key, () => machine.close(own)),
    () => meddling(holder, key, detacher(args)),
    () => meddling(holder, key, () => Array.isArray(holder) && Reflect.set(holder, 'length', 0)),
    () => void Reflect.deleteProperty(holder, key),
  ];
  try {
    random.pick(holder === args ? ways.slice(0, 1) : ways)(); // an argument itself is no getter
  } catch {
    // a value of an earlier meddling, which cannot be changed
  }
}

function detacher(args: unknown[]): () => void {
  const views = [...places(args)]
    .map(([holder, key]): unknown => Reflect.get(holder, key))
    .filter((value) => ArrayBuffer.isView(value));
  return () => {
    if (views.length > 0) detach(random.pick(views));
  };
}

function checkFds(machine: Machine, before: Map<number, string>): void {
  const now = openFds();
  for (const fd of machine.owned) if (!now.has(fd)) machine.owned.delete(fd); // a getter of ours has closed it
  for (const [fd, what] of now) {
    if (before.has(fd) || machine.owned.has(fd)) continue;
    complain(`descriptor ${String(fd)} has leaked: ${what}`);
    s.close(fd);
  }
}

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-hostile-'));
process.chdir(folder);

function finish(): never {
  process.chdir('/');
  rmSync(folder, { recursive: true, force: true });
  const seconds = (performance.now() - started) / 1000;
  const codes = Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a));
  const rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
  process.stdout.write(`${JSON.stringify({ seed, count, seconds, longestMs, rssMiB, wrong, outcomes: codes })}\n`);
  process.exit(wrong.length > 0 ? 1 : 0);
}

const missing = [...functions.keys()].filter((name) => !(name in CALLS));
const gone = Object.keys(CALLS).filter((name) => !functions.has(name) && !name.startsWith('native.'));
if (missing.length > 0) complain(`test/hostile/calls.ts has no call of: ${missing.join(', ')}`);
if (gone.length > 0) complain(`test/hostile/calls.ts calls what is no export: ${gone.join(', ')}`);

const before = openFds();
const machine = new Machine(random);
everything(machine);
checkFds(machine, before);
const names = Object.keys(CALLS);
while (count < calls) {
  something(machine, names);
  if (count % 64 === 0) machine.trim();
  if (count % 5000 === 0) checkFds(machine, before);
}
machine.closeAll();
checkFds(machine, before);
finish();
