/** recvfrom(2) and sendto(2). */
import { constants } from 'node:os';
import { MSG_FASTOPEN, MSG_TRUNC } from '../../constants.js';
import { native } from '../../native.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Received } from '../../syscalls/transfer.js';
import { asBytes } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { Operation } from '../engine/operation.js';
import { MUST_WAIT, outcomeOf, type Outcome } from '../engine/outcome.js';
import { READABLE, receiveQueue, WRITABLE, type Queue } from '../engine/readiness.js';
import type { TransferOptions } from '../options.js';
import { BufferCall, CountingBufferCall } from './buffer-call.js';
import { connectOutcome } from './connection.js';
import { lend, take } from './lent-buffer.js';
import { sender, sockaddrOf } from './peers.js';
import { Rest } from './rest.js';

const { EINPROGRESS } = constants.errno;

/** Receives into a buffer, and tells the sender: recvfrom(2). */
export function recvfrom(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<Received> {
  return engine.beginWith(options, (flags) => new Recvfrom(asBytes(buffer, 'buffer'), flags));
}

/** Receives a datagram into a buffer that is there only when there is one: recvfrom(2). */
export function recvDatagram(engine: Engine, size: number, options: TransferOptions | undefined): Promise<Datagram> {
  return engine.beginWith(options, () => new RecvDatagram(size));
}

/** Sends the bytes of a buffer to an address: sendto(2). */
export function sendto(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  address: SocketAddress,
  options: TransferOptions | undefined,
): Promise<number> {
  return engine.beginWith(options, (flags) => new Sendto(asBytes(buffer, 'buffer'), flags, address, engine));
}

class Recvfrom extends BufferCall<Received> {
  get queue(): Queue {
    return receiveQueue(this.flags);
  }
  get syscall(): string {
    return 'recvfrom';
  }

  protected call(fd: number): Outcome {
    return outcomeOf(native.recvfromNow(fd, this.bytes, this.length, this.flags));
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

class RecvDatagram extends Operation<Datagram> {
  get queue(): Queue {
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

  protected call(fd: number): Outcome {
    const buffer = lend(this.#size);
    const length = outcomeOf(native.recvfromNow(fd, buffer, buffer.length, MSG_TRUNC)); // its real length
    if (length >= 0) this.#data = take(buffer, Math.min(length, this.#size));
    return length;
  }

  finish(length: number): Datagram {
    const address = sender();
    return { data: this.#data as Buffer, address, truncated: length > this.#size };
  }
}

class Sendto extends CountingBufferCall {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendto';
  }
  readonly #sockaddr: Uint8Array;
  readonly #address: SocketAddress;
  readonly #rest: Rest;
  #connects = false;

  /** @param engine - it is woken when the call has rested */
  constructor(bytes: Uint8Array, flags: number, address: SocketAddress, engine: Engine) {
    super(bytes, flags);
    this.#sockaddr = sockaddrOf(address);
    this.#rest = new Rest(engine, address);
    this.#address = address;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): Outcome {
    if (this.#connects) return this.#sendWhenConnected(fd);
    const { bytes, length, flags } = this;
    const outcome = this.#rest.after(() => outcomeOf(native.sendtoNow(fd, bytes, length, flags, this.#sockaddr)));
    // TCP Fast Open without a cookie: the connection is begun without the bytes, and they follow once it stands.
    this.#connects = outcome === -EINPROGRESS && (flags & MSG_FASTOPEN) !== 0;
    return this.#connects ? MUST_WAIT : outcome;
  }

  #sendWhenConnected(fd: number): Outcome {
    const outcome = connectOutcome(fd);
    if (outcome < 0) return outcome;
    return outcomeOf(native.sendNow(fd, this.bytes, this.length, this.flags & ~MSG_FASTOPEN));
  }
}
