/** The datagrams that come: recvfrom(2) into a buffer that is there only when there is one. */
import { MSG_TRUNC } from '../../constants.js';
import { native } from '../../native.js';
import { decodeSender } from '../../sockaddr.js';
import type { SocketAddress } from '../../socket-address.js';
import type { Engine } from '../engine/engine.js';
import { Loop, LoopCall, type Step } from '../engine/loop.js';
import { outcomeOf, type Outcome } from '../engine/outcome.js';
import { READABLE, type Queue } from '../engine/readiness.js';
import { readLoopOptions, type DatagramsOptions } from '../options.js';
import { hasEnd } from '../socket-type.js';
import { lend, take } from './lent-buffer.js';

/** A datagram that came. */
export interface Datagram {
  /** Its bytes, which are yours. */
  data: Buffer;
  /** The sender; null where the kernel names none. */
  address: SocketAddress | null;
  /** Was it longer than there was room for? The rest is lost. */
  truncated: boolean;
}

/** The datagrams that come, until the socket is closed; of a connected one until the peer has sent its last. */
export function datagrams(engine: Engine, options: DatagramsOptions | undefined): AsyncGenerator<Datagram, undefined> {
  return new Datagrams(engine, readLoopOptions(options));
}

/** Errors of a peer that is away: each is told once, and says nothing of the next datagram. */
const AWAY = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENOPROTOOPT',
  'EPROTO',
  'EACCES',
  'EMSGSIZE',
]);

class Datagrams extends Loop<Datagram> {
  protected override get passing(): ReadonlySet<string> {
    return AWAY;
  }

  protected call(): RecvDatagram {
    return new RecvDatagram(this);
  }

  came(data: Buffer, truncated: boolean): Step<Datagram> {
    const address = decodeSender();
    return this.step({ data, address, truncated }, data.length === 0 && hasEnd(this.engine.type));
  }
}

class RecvDatagram extends LoopCall<Datagram, Datagrams> {
  get queue(): Queue {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }
  #data: Buffer | undefined;

  protected call(fd: number): Outcome {
    const { size } = this.loop;
    const buffer = lend(size);
    const length = outcomeOf(native.recvfromNow(fd, buffer, size, MSG_TRUNC)); // its real length
    if (length >= 0) this.#data = take(buffer, Math.min(length, size));
    return length;
  }

  finish(length: number): Step<Datagram> {
    const data = this.#data as Buffer;
    this.#data = undefined;
    return this.loop.came(data, length > this.loop.size);
  }
}
