/** The C side: the program of interpreter.c, which answers one sequence after another. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** Longer than any sequence takes. */
const LONGEST_MS = 10_000;

/** The C program, running. */
export class CSide {
  readonly #start: () => ChildProcessWithoutNullStreams;
  #child: ChildProcessWithoutNullStreams;
  #output = '';
  #wake: () => void = () => undefined;

  /**
   * @param program - what interpreter.c was compiled to
   * @param folder - where its paths are
   */
  constructor(program: string, folder: string) {
    this.#start = () => {
      const child = spawn(program, [folder], { stdio: 'pipe' });
      child.stdout.setEncoding('latin1').on('data', (text: string) => {
        this.#output += text;
        this.#wake();
      });
      child.stderr.pipe(process.stderr);
      child.on('close', () => this.#wake());
      child.stdin.on('error', () => undefined); // what is wrong shows in the answers
      return child;
    };
    this.#child = this.#start();
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What C answers to the calls, a line each. */
  async run(calls: readonly string[], prefix: string): Promise<string[]> {
    if (this.#hasEnded()) this.#child = this.#start();
    this.#output = '';
    this.#child.stdin.write(`begin ${prefix}\n${calls.join('\n')}\nend\n`);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), LONGEST_MS);
    while (!this.#output.endsWith('end\n') && !this.#hasEnded()) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(timer);
    const answers = this.#output.split('\n').slice(0, -2);
    if (answers.length === calls.length) return answers;
    const how = String(this.#child.signalCode ?? this.#child.exitCode);
    throw new Error(`the C side ended with ${how} after ${this.#output}`);
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Ends it. */
  close(): void {
    this.#child.stdin.end();
  }
}
