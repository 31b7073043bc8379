/** accept(2) and connect(2), as operations. */
import { constants } from 'node:os';
import { SO_ERROR, SOL_SOCKET } from '../../constants.js';
import { native, reply } from '../../native.js';
import { decodeName, encodeAddress } from '../../sockaddr.js';
import type { SocketAddress } from '../../socket-address.js';
import { MUST_WAIT, numberOf, Operation } from '../operation.js';
import { READABLE, WRITABLE } from '../direction.js';
import { whenDescriptorIsFree } from '../starvation.js';
import { Rest, type Wakeable } from './rest.js';

const { EINPROGRESS, EMFILE, ENFILE, ENOTCONN } = constants.errno;

/** The listener that an {@link Accept} belongs to. */
export interface Listener<Accepted> {
  /** Were there no descriptors the last time? */
  starved: boolean;
  /** Makes what waits try again. */
  wake(): void;
  /** Takes ownership of the new descriptor. */
  accepted(fd: number, address: SocketAddress): Accepted;
}

/** accept(2) */
export class Accept<Accepted> extends Operation<Accepted> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'accept';
  }
  readonly #listener: Listener<Accepted>;

  constructor(listener: Listener<Accepted>) {
    super();
    this.#listener = listener;
  }

  protected call(fd: number): number {
    const listener = this.#listener;
    const result = numberOf(native.acceptNow(fd));
    if (result !== -EMFILE && result !== -ENFILE) {
      listener.starved = false;
      return result;
    }
    if (!listener.starved) {
      listener.starved = true;
      return result;
    }
    // It has been said once. The connection stays in the queue; nothing tells when there are descriptors again.
    whenDescriptorIsFree(() => {
      listener.wake();
    });
    return MUST_WAIT;
  }

  finish(fd: number): Accepted {
    return this.#listener.accepted(fd, decodeName(reply.address, reply.addressLength()));
  }
}

/** connect(2): begins it, and then asks what has become of it. */
export class Connect extends Operation<void> {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'connect';
  }
  readonly #address: SocketAddress;
  readonly #sockaddr: Uint8Array;
  readonly #rest: Rest;
  #begun = false;

  /** @param socket - it is woken when the call has rested: the backlog of a unix listener may be full */
  constructor(address: SocketAddress, socket: Wakeable) {
    super();
    this.#sockaddr = encodeAddress(address);
    this.#address = address;
    this.#rest = new Rest(socket, address);
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): number {
    return this.#begun ? this.#outcome(fd) : this.#begin(fd);
  }

  #begin(fd: number): number {
    const result = this.#rest.after(() => numberOf(native.connectNow(fd, this.#sockaddr)));
    this.#begun = result === -EINPROGRESS;
    return this.#begun ? MUST_WAIT : result;
  }

  #outcome(fd: number): number {
    const failed = numberOf(native.getsockoptInt(fd, SOL_SOCKET, SO_ERROR));
    if (failed < 0) return failed;
    if (reply.value() !== 0) return -reply.value();
    const result = numberOf(native.getpeername(fd));
    return result === -ENOTCONN ? MUST_WAIT : result;
  }

  finish(): void {
    // connected
  }
}
