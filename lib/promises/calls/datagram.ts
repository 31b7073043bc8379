/** recvfrom(2) and sendto(2). */
import { constants } from 'node:os';
import { MSG_FASTOPEN } from '../../constants.js';
import { native } from '../../native.js';
import { decodeSender, encodeAddress } from '../../sockaddr.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Received } from '../../syscalls/transfer.js';
import { asBytes } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { rejected } from '../engine/operation.js';
import { MUST_WAIT, outcomeOf, type Outcome } from '../engine/outcome.js';
import { receiveQueue, WRITABLE, type Queue } from '../engine/readiness.js';
import type { TransferOptions } from '../options.js';
import { beginOn, BufferCall, CountingBufferCall, Pool } from './buffer-call.js';
import { connectOutcome } from './connection.js';
import { Rest } from './rest.js';

const { EINPROGRESS } = constants.errno;

/** Receives into a buffer, and tells the sender: recvfrom(2). */
export function recvfrom(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  options: TransferOptions | undefined,
): Promise<Received> {
  return beginOn(engine, receives, buffer, options);
}

/** Sends the bytes of a buffer to an address: sendto(2). */
export function sendto(
  engine: Engine,
  buffer: NodeJS.ArrayBufferView,
  address: SocketAddress,
  options: TransferOptions | undefined,
): Promise<number> {
  try {
    if (options === undefined) return engine.begin(sends.take().on(asBytes(buffer, 'buffer'), 0).to(address, engine));
    return engine.beginWith(options, (flags) => sends.take().on(asBytes(buffer, 'buffer'), flags).to(address, engine));
  } catch (error) {
    return rejected(error);
  }
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

  protected override recycle(): void {
    this.reset();
    receives.give(this);
  }
}

const receives = new Pool(() => new Recvfrom());

class Sendto extends CountingBufferCall {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendto';
  }
  #sockaddr: Uint8Array | undefined;
  #address: SocketAddress | undefined;
  #rest: Rest | undefined;
  #connects = false;

  /**
   * It goes to this address.
   *
   * @param engine - it is woken when the call has rested
   */
  to(address: SocketAddress, engine: Engine): this {
    this.#sockaddr = encodeAddress(address);
    this.#rest = Rest.of(engine, address);
    this.#address = address;
    return this;
  }

  override get address(): SocketAddress | undefined {
    return this.#address;
  }

  protected call(fd: number): Outcome {
    if (this.#connects) return this.#sendWhenConnected(fd);
    if (this.#rest?.isOn === true) return MUST_WAIT;
    const outcome = outcomeOf(native.sendtoNow(fd, this.bytes, this.length, this.flags, this.#sockaddr as Uint8Array));
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

  protected override recycle(): void {
    this.reset();
    this.#address = this.#rest = undefined;
    this.#connects = false;
    sends.give(this);
  }
}

const sends = new Pool(() => new Sendto());
