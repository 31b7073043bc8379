/** Rests while a unix peer has no room: nothing tells when it has, or something tells all the time. */
import { MUST_WAIT } from '../engine/outcome.js';
import type { SocketAddress } from '../../socket-address.js';

/** How long, in milliseconds. */
const REST_MS = 10;

/** A socket whose calls are tried again. */
export interface Wakeable {
  /** Makes what waits try again. */
  wake(): void;
}

/** Tries a call, unless it rests. */
export class Rest {
  readonly #socket: Wakeable;
  readonly #isUnix: boolean;
  #rests = false;

  constructor(socket: Wakeable, address: SocketAddress | undefined) {
    this.#socket = socket;
    this.#isUnix = address?.family === 'Unix';
  }

  /** The result of a call. Where it has to wait for a unix peer, it is not made again at once. */
  after(call: () => number): number {
    if (this.#rests) return MUST_WAIT;
    const result = call();
    if (result === MUST_WAIT && this.#isUnix) this.#begin();
    return result;
  }

  #begin(): void {
    this.#rests = true;
    const again = (): void => {
      this.#rests = false;
      this.#socket.wake();
    };
    setTimeout(again, REST_MS).unref(); // the call that waits keeps the process alive itself, or shall not
  }
}
