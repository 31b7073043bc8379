/** recvfrom(2) and sendto(2), as operations. */
import { MSG_DONTWAIT, MSG_TRUNC } from '../../constants.js';
import { native } from '../../native.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Received } from '../../syscalls/transfer.js';
import { lend, take } from '../lent-buffer.js';
import { numberOf, Operation } from '../operation.js';
import { sender } from '../peers.js';
import { READABLE, WRITABLE } from '../direction.js';
import { BufferCall, CountingBufferCall } from './buffer-call.js';
import { Rest, type Wakeable } from './rest.js';

/** recvfrom(2) at once: how many bytes, or -errno; `sender()` then tells from whom. */
export function recvfromNow(fd: number, bytes: Uint8Array, flags: number): number {
  return numberOf(flags === 0 ? native.recvfromNow(fd, bytes) : native.recvfrom(fd, bytes, flags | MSG_DONTWAIT));
}

/** sendto(2) at once: how many bytes, or -errno. */
export function sendtoNow(fd: number, bytes: Uint8Array, flags: number, sockaddr: Uint8Array): number {
  if (flags === 0) return numberOf(native.sendtoNow(fd, bytes, sockaddr));
  return numberOf(native.sendto(fd, bytes, flags | MSG_DONTWAIT, sockaddr));
}

/** recvfrom(2) */
export class Recvfrom extends BufferCall<Received> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }

  protected call(fd: number): number {
    return recvfromNow(fd, this.bytes(), this.flags);
  }

  finish(bytesRead: number): Received {
    return { bytesRead, address: sender() };
  }
}

/** A datagram that came. */
export interface Datagram {
  /** Its bytes, which are yours. */
  data: Buffer;
  /** The sender; null where the kernel names none. */
  address: SocketAddress | null;
  /** Was it longer than there was room for? The rest is lost. */
  truncated: boolean;
}

/** recvfrom(2) into a buffer that is there only when there is a datagram */
export class RecvDatagram extends Operation<Datagram> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }
  readonly #size: number;
  #data: Buffer | undefined;

  constructor(size: number) {
    super();
    this.#size = size;
  }

  protected call(fd: number): number {
    const buffer = lend(this.#size);
    const length = numberOf(native.recvfrom(fd, buffer, MSG_DONTWAIT | MSG_TRUNC)); // its real length
    if (length >= 0) this.#data = take(buffer, Math.min(length, this.#size));
    return length;
  }

  finish(length: number): Datagram {
    const address = sender();
    return { data: this.#data as Buffer, address, truncated: length > this.#size };
  }
}

/** sendto(2) */
export class Sendto extends CountingBufferCall {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendto';
  }
  readonly #sockaddr: Uint8Array;
  readonly #address: SocketAddress;
  readonly #rest: Rest;

  /**
   * @param sockaddr - the bytes of `address`
   * @param socket - it is woken when the call has rested
   */
  constructor(bytes: Uint8Array, flags: number, sockaddr: Uint8Array, address: SocketAddress, socket: Wakeable) {
    super(bytes, flags);
    this.#rest = new Rest(socket, address);
    this.#sockaddr = sockaddr;
    this.#address = address;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): number {
    const bytes = this.bytes();
    return this.#rest.after(() => sendtoNow(fd, bytes, this.flags, this.#sockaddr));
  }
}
