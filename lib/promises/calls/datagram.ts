/** recvfrom(2) and sendto(2), as operations. */
import { MSG_DONTWAIT, MSG_TRUNC } from '../../constants.js';
import { native } from '../../native.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Received } from '../../syscalls/transfer.js';
import { lend, take } from '../lent-buffer.js';
import { CountOperation, numberOf, Operation } from '../operation.js';
import { sender, sockaddrOf } from '../peers.js';
import { READABLE, WRITABLE } from '../readiness.js';
import { still } from './transfer.js';

/** recvfrom(2) */
export class Recvfrom extends Operation<Received> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
  }

  protected call(fd: number): number {
    const bytes = still(this.#bytes, this.#length);
    return numberOf(native.recvfrom(fd, bytes, this.#flags | MSG_DONTWAIT));
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
export class Sendto extends CountOperation {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendto';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;
  readonly #sockaddr: Uint8Array;
  readonly #address: SocketAddress;

  constructor(bytes: Uint8Array, flags: number, address: SocketAddress) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
    this.#sockaddr = sockaddrOf(address);
    this.#address = address;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): number {
    const bytes = still(this.#bytes, this.#length);
    return numberOf(native.sendto(fd, bytes, this.#flags | MSG_DONTWAIT, this.#sockaddr));
  }
}
