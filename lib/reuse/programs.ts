/** The example programs as processes of their own; none of them outlives its {@link Programs}. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { programFile } from '../root.js';
import { CompareFailed } from './comparison.js';
import type { Recording } from './timeline.js';

/**
 * What a process shall run. Port 0: the kernel chooses. `record`: it writes down its system calls. `parent`: the process
 * that it ends with.
 */
export type Task = { host: string; port: number; record: boolean; parent?: number } & (
  { program: 'server'; reuse: boolean } | { program: 'client' }
);

/** What a process tells; `recording` is what it wrote down since it told something before. */
export type Message = { recording?: Recording } & (
  { event: 'listening'; port: number } | { event: 'done' } | { event: 'failed'; code: string; message: string }
);

/** The module that {@link Task}s are given to. */
export const RUN_PROGRAM = programFile('run-program');

/** One process. */
export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #messages: Message[] = [];
  readonly #recordings: Recording[] = [];
  readonly #ended: Promise<unknown>;
  #stderr = '';

  constructor(module: string, task: Task) {
    this.#name = task.program;
    // Flags of this process are not for them: --inspect has one port only.
    this.#child = fork(module, [JSON.stringify({ ...task, parent: process.pid })], {
      stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#child.stdin?.on('error', () => undefined); // EPIPE: it ended before it read
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#child.on('message', (message) => {
      const { recording } = message as Message;
      this.#messages.push(message as Message);
      if (recording) this.#recordings.push(recording);
    });
    // After 'close' no message comes any more. A process that could not start has only 'error', which rejects.
    this.#ended = once(this.#child, 'close').catch((error: unknown) => {
      this.#stderr += String(error);
    });
  }

  /** Resolves with the first thing that the process tells. */
  async says(): Promise<Message> {
    if (this.#messages.length === 0) await Promise.race([once(this.#child, 'message'), this.#ended]);
    const message = this.#messages.shift();
    if (message === undefined) throw new CompareFailed(`The ${this.#name} ended without a word. ${this.#why()}`.trim());
    return message;
  }

  /** Resolves once the process has ended as it should. */
  async succeeds(): Promise<void> {
    await this.#ended;
    const failure = this.#messages.find((message) => message.event === 'failed');
    if (failure?.event === 'failed') throw new CompareFailed(`The ${this.#name} failed: ${failure.message}.`);
    if (this.#child.exitCode !== 0) throw new CompareFailed(`The ${this.#name} failed. ${this.#why()}`.trim());
  }

  /** What the process has written down so far. */
  recording(): Recording {
    return {
      calls: this.#recordings.flatMap(({ calls }) => calls),
      seen: this.#recordings.flatMap(({ seen }) => seen),
    };
  }

  /** Lets a client that has its answer close its connection: it waits for that. */
  release(): void {
    this.#child.stdin?.end();
  }

  /** Stops the process, and resolves when it has ended. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#ended;
  }

  #why(): string {
    return this.#stderr.trim();
  }
}

/** Starts processes, and sees to it that none is left. */
export class Programs {
  readonly #module: string;
  readonly #all = new Set<Program>();
  #stopped = false;

  /** @param module - what runs in the processes; {@link RUN_PROGRAM} but in tests */
  constructor(module: string) {
    this.#module = module;
  }

  /** Starts a process. */
  start(task: Task): Program {
    if (this.#stopped) throw new CompareFailed('The comparison was stopped.');
    // There, a message leaves only when the event loop turns, and a server that waits for its client lets it not turn.
    if ('deno' in process.versions) throw new CompareFailed('compare runs in Node and in Bun, but not in Deno.');
    const program = new Program(this.#module, task);
    this.#all.add(program);
    return program;
  }

  /** Kills what still runs, and resolves when it has ended. Nothing can be started any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#all].map((program) => program.stop('SIGKILL')));
  }
}
