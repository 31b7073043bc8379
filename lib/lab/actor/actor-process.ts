/** One actor of a session: a process that blocks in the calls that it is told to make. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { programFile } from '../../root.js';
import type { Answer, Order } from './messages.js';

const RUN_ACTOR = programFile('run-actor');

/** What an actor tells. */
export interface ActorListener {
  /** A process is there. */
  started(pid: number): void;
  /** It has ended, and with it the call that it was in. */
  ended(pid: number): void;
  /** A call has returned. */
  answered(answer: Answer): void;
  /** The process cannot be started: there is no more of this actor. */
  failed(error: Error): void;
}

/** One process after another, as they are restarted. */
export class ActorProcess {
  readonly #listener: ActorListener;
  #child: ChildProcess | undefined;
  #isStopped = false;

  constructor(listener: ActorListener) {
    this.#listener = listener;
  }

  /** Starts the first process, or the next. */
  start(): void {
    // Of its own session, so that Ctrl-C in the terminal reaches the lab alone, which then ends it.
    const child = fork(RUN_ACTOR, [String(process.pid)], { stdio: 'ignore', execArgv: [], detached: true });
    const { pid } = child;
    this.#child = child;
    child.on('error', (error) => {
      if (pid === undefined) this.#listener.failed(error);
    });
    child.on('message', (answer) => {
      this.#listener.answered(answer as Answer);
    });
    if (pid === undefined) return;
    child.once('exit', () => {
      this.#ended(child, pid);
    });
    this.#listener.started(pid);
  }

  /** Has it make a call: {@link ActorListener.answered} tells the rest. */
  order(order: Order): void {
    this.#child?.send(order, () => undefined); // where it has ended meanwhile, `ended` says so
  }

  /** Ends the process, whatever it waits for, and starts the next one. Resolves when that is there. */
  async restart(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#isStopped) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Ends the process for good. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  #ended(child: ChildProcess, pid: number): void {
    if (child !== this.#child) return;
    this.#listener.ended(pid);
    if (this.#isStopped) return;
    if (child.signalCode === null) this.#listener.failed(new Error(`the process ended: ${String(child.exitCode)}`));
    else this.start(); // killed: by a restart, or by somebody else
  }
}
