/** One of a session's two: what it may do now, and its process. */
import { clockMs } from '../../reuse/timeline.js';
import type { SocketNames } from '../kernel/socket-names.js';
import type { ReturnedEvent } from '../protocol.js';
import type { Refusal } from '../refusal.js';
import { MOST_SOCKETS, type LabActor, type Step } from '../steps.js';
import { ActorProcess } from './actor-process.js';
import type { Answer } from './messages.js';

/** A call's result; when it returned is told beside it, in `clockMs`. */
type Returned = Omit<ReturnedEvent, 'kind' | 'atMs' | 'actor'>;

/** Who is told. */
export interface ActorEvents {
  told(state: 'started' | 'ended', pid: number): void;
  returned(returned: Returned, endMs: number): void;
  failed(error: Error): void;
}

/** It makes one call at a time. */
export class Actor {
  readonly #name: LabActor;
  readonly #port: number;
  readonly #names: SocketNames;
  readonly #events: ActorEvents;
  readonly #process: ActorProcess;
  readonly #variables = new Set<string>();
  /** The call that it is in. */
  #current: { call: number; step: Step } | undefined;
  #isRestarting = false;

  constructor(name: LabActor, port: number, names: SocketNames, events: ActorEvents) {
    this.#name = name;
    this.#port = port;
    this.#names = names;
    this.#events = events;
    this.#process = new ActorProcess({
      started: (pid) => {
        events.told('started', pid);
      },
      ended: (pid) => {
        this.#ended(pid);
      },
      answered: (answer) => {
        this.#answered(answer);
      },
      failed: (error) => {
        events.failed(error);
      },
    });
  }

  /** Starts its process. */
  start(): void {
    this.#process.start();
  }

  /** Ends its process. */
  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Why can it not take this step now? Undefined: it can. */
  refusalOf(step: Step): Refusal | undefined {
    if (this.#isRestarting) return { code: 'ERR_LAB_BUSY' };
    if (step.call === 'restart') return undefined; // what it waits in ends with the process
    if (this.#current !== undefined) return { code: 'ERR_LAB_BUSY' };
    if (step.call !== 'socket' && !this.#variables.has(step.on)) return { code: 'ERR_LAB_NAME', what: step.on };
    const made = madeBy(step);
    if (made === undefined) return undefined;
    if (this.#variables.has(made)) return { code: 'ERR_LAB_NAME', what: made, isTaken: true };
    return this.#variables.size >= MOST_SOCKETS ? { code: 'ERR_LAB_SOCKETS' } : undefined;
  }

  /** Takes a step that is not refused. */
  make(call: number, step: Step): void {
    if (step.call === 'restart') {
      void this.#restart(call);
      return;
    }
    this.#current = { call, step };
    this.#process.order({ call, step, port: this.#port });
  }

  async #restart(call: number): Promise<void> {
    const startMs = clockMs();
    this.#isRestarting = true;
    await this.#process.restart();
    this.#isRestarting = false;
    const endMs = clockMs();
    this.#events.returned({ call, result: 0, durationMs: roundedMs(endMs - startMs) }, endMs);
  }

  #ended(pid: number): void {
    this.#current = undefined;
    this.#variables.clear();
    this.#names.disown(this.#name);
    this.#events.told('ended', pid);
  }

  #answered({ call, startMs, endMs, inode, ...outcome }: Answer): void {
    const step = this.#current?.call === call ? this.#current.step : undefined;
    if (step === undefined) return; // of a process that was ended
    this.#current = undefined;
    const made = outcome.error === undefined ? madeBy(step) : undefined;
    if (made !== undefined) {
      this.#variables.add(made);
      if (inode !== undefined) this.#names.own(inode, { actor: this.#name, name: made });
    }
    if (step.call === 'close') {
      this.#variables.delete(step.on);
      this.#names.disown(this.#name, step.on);
    }
    this.#events.returned({ ...outcome, call, durationMs: roundedMs(endMs - startMs) }, endMs);
  }
}

/** The name of the socket that a step makes. */
function madeBy(step: Step): string | undefined {
  if (step.call === 'socket') return step.on;
  return step.call === 'accept' ? step.as : undefined;
}

const roundedMs = (timeMs: number): number => Math.round(timeMs * 1000) / 1000;
