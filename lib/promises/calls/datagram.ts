/** recvfrom(2) and sendto(2). */
import { constants } from 'node:os';
import { MSG_FASTOPEN } from '../../constants.js';
import { native } from '../../native.js';
import { decodeSender, encodeAddress } from '../../sockaddr.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Received } from '../../syscalls/transfer.js';
import { asBytes } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { MUST_WAIT, outcomeOf, type Outcome } from '../engine/outcome.js';
import { receiveQueue, WRITABLE, type Queue } from '../engine/readiness.js';
import type { TransferOptions } from '../options.js';
import { BufferCall, CountingBufferCall } from './buffer-call.js';
import { connectOutcome } from './connection.js';
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
    return { bytesRead, address: decodeSender() };
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
  readonly #rest: Rest | undefined;
  #connects = false;

  /** @param engine - it is woken when the call has rested */
  constructor(bytes: Uint8Array, flags: number, address: SocketAddress, engine: Engine) {
    super(bytes, flags);
    this.#sockaddr = encodeAddress(address);
    this.#rest = Rest.of(engine, address);
    this.#address = address;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): Outcome {
    if (this.#connects) return this.#sendWhenConnected(fd);
    if (this.#rest?.isOn === true) return MUST_WAIT;
    const outcome = outcomeOf(native.sendtoNow(fd, this.bytes, this.length, this.flags, this.#sockaddr));
    if (outcome === MUST_WAIT) this.#rest?.begin();
    // TCP Fast Open without a cookie: the connection is begun without the bytes, and they follow once it stands.
    this.#connects = outcome === -EINPROGRESS && (this.flags & MSG_FASTOPEN) !== 0;
    return this.#connects ? MUST_WAIT : outcome;
  }

  #sendWhenConnected(fd: number): Outcome {
    const outcome = connectOutcome(fd);
    if (outcome < 0) return outcome;
    return outcomeOf(native.sendNow(fd, this.bytes, this.length, this.flags & ~MSG_FASTOPEN));
  }
}
