/**
 * `node child.js CALLS SEED`: calls everything with everything. It ends with a line of JSON, and with status 1 where
 * something was wrong: an error without a code, a descriptor that is still open, a byte written outside a view.
 */
import * as s from 'bsd-sockets';
import { misfit, shown } from './answers.js';
import { CALLS, exportedFunctions, nativeGetsockopt } from './calls.js';
import { harmful, SO_PEERPIDFD } from './harm.js';
import { Machine, openFds } from './machine.js';
import { meddle, places } from './places.js';
import { Random } from './random.js';
import { Report } from './report.js';
import { HOSTILE, Thrown } from './values.js';

const [calls, seed] = [Number(process.argv[2]), Number(process.argv[3])];
const random = new Random(seed);
const functions = exportedFunctions();
const report = new Report('hostile', seed);

function attempt(machine: Machine, name: string, args: unknown[], hostile: boolean): void {
  if (harmful(name, args, hostile)) return;
  const call = name === 'native.getsockopt' ? nativeGetsockopt : functions.get(name);
  if (call === undefined) return;
  report.count++;
  let outcome = 'ok';
  const started = performance.now();
  try {
    adopt(machine, name, args, call(...args));
  } catch (error) {
    outcome = error instanceof Thrown ? 'getter' : String((error as NodeJS.ErrnoException).code);
    const problem = misfit(error);
    if (problem !== undefined) report.complain(`${name}(${shown(args)}): ${problem}`);
  }
  report.took(performance.now() - started);
  report.saw(outcome);
  if (machine.wroteOutside()) report.complain(`${name}(${shown(args)}) wrote outside its view`);
}

/** Takes the descriptors that a call has made or closed. */
function adopt(machine: Machine, name: string, args: readonly unknown[], result: unknown): void {
  const [first, level, option] = args;
  if (name === 'socket' || name === 'listenOn') machine.own(result as number);
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
  const own = random.pick([...machine.owned]);
  for (let i = 0; i < bad && all.length > 0; i++) meddle(random, () => machine.close(own), random.pick(all), args);
  attempt(machine, name, args, bad > 0);
}

function checkFds(machine: Machine, before: Map<number, string>): void {
  const now = openFds();
  for (const fd of machine.owned) if (!now.has(fd)) machine.owned.delete(fd); // a getter of ours has closed it
  for (const [fd, what] of now) {
    if (before.has(fd) || machine.owned.has(fd)) continue;
    report.complain(`descriptor ${String(fd)} has leaked: ${what}`);
    s.close(fd);
  }
}

const missing = [...functions.keys()].filter((name) => !(name in CALLS));
const gone = Object.keys(CALLS).filter((name) => !functions.has(name) && !name.startsWith('native.'));
if (missing.length > 0) report.complain(`test/hostile/calls.ts has no call of: ${missing.join(', ')}`);
if (gone.length > 0) report.complain(`test/hostile/calls.ts calls what is no export: ${gone.join(', ')}`);

const before = openFds();
const machine = new Machine(random);
everything(machine);
checkFds(machine, before);
const names = Object.keys(CALLS);
while (report.count < calls) {
  something(machine, names);
  if (report.count % 64 === 0) machine.trim();
  if (report.count % 5000 === 0) checkFds(machine, before);
}
machine.closeAll();
checkFds(machine, before);
report.finish();
