/** Rests while a unix peer has no room: nothing tells when it has, or something tells all the time. */
import type { SocketAddress } from '../../socket-address.js';

/** How long, in milliseconds. */
const REST_MS = 10;

/** A socket whose calls are tried again. */
export interface Wakeable {
  /** Makes what waits try again. */
  wake(): void;
}

/** The rest of one call. */
export class Rest {
  readonly #socket: Wakeable;
  #isOn = false;

  constructor(socket: Wakeable) {
    this.#socket = socket;
  }

  /** Of a call to this address: only a unix peer needs one. */
  static of(socket: Wakeable, address: SocketAddress | undefined): Rest | undefined {
    return address?.family === 'Unix' ? new Rest(socket) : undefined;
  }

  /** Is the call not to be made now? */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** The peer had no room. */
  begin(): void {
    this.#isOn = true;
    const again = (): void => {
      this.#isOn = false;
      this.#socket.wake();
    };
    setTimeout(again, REST_MS).unref(); // the call that waits keeps the process alive itself, or shall not
  }
}
