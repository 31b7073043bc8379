/** The cure: does what frees a port, and proves it by a bind. */
import { execFile } from 'node:child_process';
import { unlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { tellIn, type Language, type Tell } from '../language.js';
import { asFunction, asObject, integer, INT32_MAX, invalidType } from '../validate.js';
import { diagnose } from './diagnose.js';
import type { Diagnosis } from './diagnosis/diagnosis.js';
import { keyOf, planFor, type Step } from './diagnosis/plan.js';
import { SocketError } from './kernel/calls.js';
import { HeldProcess, holdsOneOf, setReuseAddressOf } from './kernel/control.js';
import { destroyTcp } from './kernel/destroy.js';
import { look } from './kernel/look.js';
import type { Target } from './kernel/observation.js';
import { tryBind } from './kernel/probe.js';
import { ownLine } from './kernel/process-facts.js';
import { findProcesses } from './kernel/processes.js';
import { asTarget, languageFor, type Place, type PlaceOptions, type WordOptions } from './kernel/target.js';
import { thisMachine, waitForBind } from './wait-until-free.js';
import { sayResult, sayStep } from './words/step-words.js';

/** How long the kernel has to end a process after SIGKILL, in milliseconds. */
const KILL_MS = 5000;

/** What {@link free} may do. */
export interface FreeOptions extends PlaceOptions, WordOptions {
  /** Only say what would be done. Default false. */
  dryRun?: boolean;
  /** Send SIGKILL to what has not ended {@link graceMs} after SIGTERM, or ignores it. Default false. */
  force?: boolean;
  /** How long a program has to end after SIGTERM, in milliseconds. Default 5000. */
  graceMs?: number;
  /** Asked before anything is done, where something can be, with what was found and the words of the steps; false: nothing is done. */
  confirm?: (steps: readonly string[], found: Diagnosis) => boolean | Promise<boolean>;
  /** Called when a step is over: what was done, and what became of it. */
  onStep?: (step: FreeStep) => void;
  /** Called about once a second while it waits for the kernel: the milliseconds that are left. */
  onWait?: (leftMs: number) => void;
  /** Stops it; what was done stays done. */
  signal?: AbortSignal;
}

/** A step that was done, or would be. */
export interface FreeStep {
  /** What it is, in words. */
  readonly do: string;
  /** `'ok'`; the name of an error; or why it was not done. Left out with `dryRun`. */
  readonly result?: string;
}

/** What came of it. */
export interface Freed {
  /** Did a bind without flags work in the end? */
  readonly freed: boolean;
  /** What was done, or would be. */
  readonly steps: readonly FreeStep[];
  /** How it stands now. */
  readonly diagnosis: Diagnosis;
}

/** The result of a step that is no more than a reason. */
export const NOT_DONE = 'not done';

/** What is done may bring something else to light: a listener that ends leaves connections in TIME_WAIT. */
const MOST_ROUNDS = 6;
const SETTLE_MS = 2000;
const { EADDRINUSE } = constants.errno;
const run = promisify(execFile);

interface Work {
  readonly target: Target;
  readonly options: FreeOptions;
  readonly graceMs: number;
  readonly steps: FreeStep[];
  readonly done: Set<string>;
  readonly t: Tell;
  readonly language: Language;
  cannotDestroy: boolean;
}

/**
 * Frees a port or a unix path, and proves it by a bind: it continues what was stopped and ends it with SIGTERM
 * (SIGKILL with `force` only), by the command of the supervisor where there is one; sets SO_REUSEADDR on the sockets of
 * a server that has it not, so that a server with the flag can bind at once; ends connections in TIME_WAIT as root; and
 * waits to the kernel's own expiry for the rest. Processes of others take rights; PID 1, this process and those above
 * it are never touched. Each process is held by a pidfd, and looked at again before it gets a signal.
 *
 * @param place - as `why` takes it
 * @returns what was done, and whether a bind works; it does not throw where something could not be done
 * @throws as `why`; ERR_INVALID_ARG_TYPE and ERR_OUT_OF_RANGE for its options; the signal's reason
 * @example
 * const { freed, steps } = await free(3000)
 */
export async function free(place: Place, options: FreeOptions = {}): Promise<Freed> {
  const graceMs = checked(options);
  const target = asTarget(place, options);
  const language = languageFor(options);
  const { signal, confirm, dryRun = false } = options;
  signal?.throwIfAborted();
  const work: Work = {
    target,
    options,
    graceMs,
    steps: [],
    done: new Set(),
    language,
    t: tellIn(language),
    cannotDestroy: false,
  };
  let found = diagnose(look(target), language);
  const first = plan(work, found);
  if (dryRun) return { freed: false, steps: first.map((step) => ({ do: sayStep(step, work.t) })), diagnosis: found };
  const canHelp = first.some(({ kind }) => kind !== 'refuse');
  if (
    canHelp &&
    confirm !== undefined &&
    !(await confirm(
      first.map((step) => sayStep(step, work.t)),
      found,
    ))
  ) {
    return { freed: false, steps: [], diagnosis: found };
  }
  for (let round = 0; round < MOST_ROUNDS && found.verdict !== 'free'; round++) {
    const steps = plan(work, found).filter((step) => !work.done.has(keyOf(step)));
    if (steps.length === 0) break;
    for (const step of steps) await take(step, work);
    found = diagnose(look(target), language);
  }
  return { freed: tryBind(target, 'none') === 'ok', steps: work.steps, diagnosis: found };
}

function checked(options: FreeOptions): number {
  const given = asObject(options, 'options');
  for (const name of ['dryRun', 'force']) {
    const value = given[name];
    if (value !== undefined && typeof value !== 'boolean')
      throw invalidType(`options.${name}`, 'of type boolean', value);
  }
  for (const name of ['confirm', 'onStep', 'onWait']) {
    if (given[name] !== undefined) asFunction(given[name], `options.${name}`);
  }
  if (given['signal'] !== undefined && !(given['signal'] instanceof AbortSignal)) {
    throw invalidType('options.signal', 'an instance of AbortSignal', given['signal']);
  }
  return integer(given['graceMs'] ?? 5000, 'options.graceMs', 0, INT32_MAX);
}

function plan({ options, cannotDestroy }: Work, found: Diagnosis): Step[] {
  const uid = process.geteuid?.() ?? -1;
  return planFor(found, { uid, ownLine: ownLine(), force: options.force === true, cannotDestroy });
}

async function take(step: Step, work: Work): Promise<void> {
  work.done.add(keyOf(step));
  let result: string;
  try {
    result = await doStep(step, work);
  } catch (error) {
    work.options.signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' && typeof code !== 'number') throw error;
    result = typeof code === 'number' ? `exit status ${String(code)}` : code;
    if (step.kind === 'destroy') work.cannotDestroy = true;
  }
  const told = { do: sayStep(step, work.t), result: sayResult(result, work.t) };
  work.steps.push(told);
  work.options.onStep?.(told);
}

async function doStep(step: Step, work: Work): Promise<string> {
  const { signal } = work.options;
  switch (step.kind) {
    case 'set-flag':
      return setFlag(step.pid, work.target);
    case 'stop':
      return stop(step, work);
    case 'ask':
      if (step.manager.pid !== undefined) return stopManager(step.manager.pid, step.inodes, work);
      await run('/bin/sh', ['-c', step.manager.stop ?? ''], signal === undefined ? {} : { signal });
      return settle(step.inodes, work);
    case 'destroy':
      for (const { local, remote, interfaceIndex } of step.sockets) {
        if ('port' in local && remote !== undefined)
          destroyUnlessGone(() => {
            destroyTcp(local, remote, interfaceIndex);
          });
      }
      return 'ok';
    case 'remove':
      unlinkSync(step.path);
      return 'ok';
    case 'wait':
      await waitForKernel(work);
      return 'ok';
    case 'refuse':
      return NOT_DONE;
  }
}

function setFlag(pid: number, target: Target): string {
  if (target.protocol === 'unix') return NOT_DONE;
  return setReuseAddressOf(pid, target.address.port).sockets > 0 ? 'ok' : 'ESRCH';
}

/** The process that was seen may have ended since: one that does not hold the socket is left alone. */
async function stop({ pid, inodes, stopped, kill }: Extract<Step, { kind: 'stop' }>, work: Work): Promise<string> {
  const held = new HeldProcess(pid);
  try {
    if (!holdsOneOf(pid, inodes)) return 'ok';
    held.signal('SIGTERM');
    if (stopped) held.signal('SIGCONT');
    if (await held.ends(work.graceMs, work.options.signal)) return 'ok';
    if (!kill) return 'SIGTERM';
    held.signal('SIGKILL');
    return (await held.ends(KILL_MS, work.options.signal)) ? 'ok' : 'SIGKILL';
  } catch (error) {
    if (error instanceof SocketError && error.code === 'ESRCH') return 'ok';
    throw error;
  } finally {
    held.close();
  }
}

async function stopManager(pid: number, inodes: readonly number[], work: Work): Promise<string> {
  const held = new HeldProcess(pid);
  try {
    held.signal('SIGTERM');
    await held.ends(work.graceMs, work.options.signal);
  } finally {
    held.close();
  }
  return settle(inodes, work);
}

/** What was asked to stop takes a moment; or what was started by it goes on, and is stopped in the next round. */
async function settle(inodes: readonly number[], { options: { signal } }: Work): Promise<string> {
  const until = performance.now() + SETTLE_MS;
  while (performance.now() < until && isHeld(inodes))
    await sleep(50, undefined, signal === undefined ? {} : { signal });
  return 'ok';
}

const isHeld = (inodes: readonly number[]): boolean => findProcesses(new Set(inodes)).byInode.size > 0;

function destroyUnlessGone(destroy: () => void): void {
  try {
    destroy();
  } catch (error) {
    if (!(error instanceof SocketError && error.code === 'ENOENT')) throw error;
  }
}

async function waitForKernel({ target, options: { signal, onWait } }: Work): Promise<void> {
  const machine = thisMachine(target, 'none', signal);
  const expiries = (): readonly (number | undefined)[] => {
    const all = machine.expiries();
    onWait?.(all.reduce<number>((longest, ms) => Math.max(longest, ms ?? 0), 0));
    // A program that comes meanwhile is no matter of waiting.
    if (all.includes(undefined)) throw new SocketError('bind', EADDRINUSE, target.address);
    return all;
  };
  await waitForBind({ ...machine, expiries, sleep: (ms) => machine.sleep(Math.min(ms, 1000)) }, target, 'none');
}

/**
 * Sets SO_REUSEADDR on all TCP sockets of a running process, ahead of time: after its end a server with the flag can
 * bind at once, though this one never set it. Linux: pidfd_getfd(2), setsockopt(2).
 *
 * @param pid - a process of this user, or any for root
 * @returns how many TCP sockets it has, and how many had the flag not
 * @throws SocketError EPERM (it takes the right to trace the process, ptrace(2)), ESRCH, ENOSYS (before Linux 5.6, other
 * systems); ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
 */
export function rescue(pid: number): {
  /** How many TCP sockets it has. */
  sockets: number;
  /** How many of them had the flag not. */
  changed: number;
} {
  return setReuseAddressOf(integer(pid, 'pid', 1, INT32_MAX));
}
