/** A conversation of the server that serves many: the client gets a limited time, and the server may stop. */
import { poll, POLLIN } from '../../index.js';
import type { Socket } from '../../promises/index.js';
import { BUFFER_SIZE } from '../frame.js';
import { converse } from './server.js';

/** The server ended a conversation because the client's frame was not there in time. */
export class TooLate extends Error {
  readonly code = 'ETIMEDOUT';
}
TooLate.prototype.name = 'TooLate';

/** A conversation that can be ended from outside. */
export class Conversation {
  readonly #socket: Socket;
  readonly #controller = new AbortController();
  #received = 0;

  /** Takes ownership of an accepted socket: {@link hold} closes it. */
  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /**
   * Has the conversation, and closes the socket.
   *
   * @param patienceMs - how long the client may take for its frame
   * @throws StepFailed, with {@link TooLate} as its cause where the conversation was ended from outside
   */
  async hold(print: (text: string) => void, patienceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      this.#end(`the peer sent ${this.#progress()} in ${String(patienceMs / 1000)} seconds`);
    }, patienceMs);
    try {
      await converse(this.#socket, print, { signal: this.#controller.signal }, (received) => {
        this.#received = received;
      });
    } finally {
      clearTimeout(timer);
      this.#socket.close();
    }
  }

  /** Ends the conversation where the client has sent nothing; says whether it did. */
  stopIfIdle(): boolean {
    const idle = this.#received === 0 && poll([{ fd: this.#socket.fd, events: POLLIN, revents: 0 }], 0) === 0;
    if (idle) this.stop();
    return idle;
  }

  /** Ends the conversation wherever it is. */
  stop(): void {
    this.#end(`the server stops, and the peer has sent ${this.#progress()}`);
  }

  #end(why: string): void {
    this.#controller.abort(new TooLate(why));
  }

  #progress(): string {
    return `${String(this.#received)} of ${String(BUFFER_SIZE)} bytes`;
  }
}
