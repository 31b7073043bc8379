/** A socket that receives and sends. */
import {
  MSG_OOB,
  MSG_PEEK,
  MSG_WAITALL,
  type MessageToSend,
  type Received,
  type ReceivedMessage,
  type RecvmsgOptions,
  type SocketAddress,
} from '../index.js';
import { asBytes, asPlainBytes, integer } from '../validate.js';
import { RecvDatagram, Recvfrom, recvfromNow, Sendto, sendtoNow, type Datagram } from './calls/datagram.js';
import { Recvmsg, Sendmsg } from './calls/message.js';
import { Recv, RecvAll, RecvChunk, recvNow, Send, SendAll, sendNow } from './calls/transfer.js';
import { items, type SizeOptions } from './iterate.js';
import { MUST_WAIT, rejected, settled, type Operation } from './operation.js';
import type { TransferOptions, WaitOptions } from './options.js';
import { OwnedSocket } from './owned.js';
import { sender, sockaddrOf } from './peers.js';
import { READABLE, WRITABLE } from './direction.js';
import { setNotReady } from './readiness.js';

const DEFAULT_SIZE = 65_536;
const LARGEST_SIZE = 2 ** 30;

/** The part of Socket that receives and sends. */
export class TransferSocket extends OwnedSocket {
  /**
   * Receives into a buffer: `recv(2)`.
   *
   * @param buffer - where the bytes go. It stays yours, but leave it alone until the promise is settled
   * @param options - with MSG_WAITALL a stream is received until the buffer is full; where an error or an abort ends
   * that, the bytes that came are the result
   * @returns how many bytes; 0 at the end of a stream. A stream gives what is there, not a whole message
   * @throws SocketError ECONNRESET, ECONNREFUSED, ENOTCONN, ETIMEDOUT, EINVAL, ECANCELED (closed meanwhile), EBADF
   */
  recv(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<number> {
    try {
      const bytes = asBytes(buffer, 'buffer');
      if (options !== undefined || !this.isOpen()) {
        return this.beginWith(options, (flags) => this.#receiving(bytes, flags));
      }
      if (!this.mayTry(READABLE)) return this.wait(Recv.plain(bytes, this.isTcp), undefined);
      const result = recvNow(this.descriptor, bytes, 0, this.isTcp);
      return result >= 0 ? settled(result) : this.waitOrFail(result, Recv.plain(bytes, this.isTcp));
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Receives into a buffer, and tells the sender: `recvfrom(2)`.
   *
   * @param buffer - where the bytes go. A datagram longer than it is cut: `MSG_TRUNC` tells its real length
   * @throws SocketError as {@link recv}
   */
  recvfrom(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<Received> {
    try {
      const bytes = asBytes(buffer, 'buffer');
      if (options !== undefined || !this.isOpen()) {
        return this.beginWith(options, (flags) => new Recvfrom(bytes, flags));
      }
      if (!this.mayTry(READABLE)) return this.wait(new Recvfrom(bytes, 0), undefined);
      const bytesRead = recvfromNow(this.descriptor, bytes, 0);
      if (bytesRead >= 0) return Promise.resolve({ bytesRead, address: sender() });
      return this.waitOrFail(bytesRead, new Recvfrom(bytes, 0));
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Receives a message into several buffers, with its control messages: `recvmsg(2)`.
   *
   * @param buffers - filled one after the other
   * @returns the message; descriptors in it are close-on-exec and yours to close
   * @throws SocketError as {@link recv}, and EMSGSIZE (more than 1024 buffers)
   */
  recvmsg(
    buffers: readonly NodeJS.ArrayBufferView[],
    options?: RecvmsgOptions & WaitOptions,
  ): Promise<ReceivedMessage> {
    return this.beginWith(options, (flags) => new Recvmsg(buffers, options?.controlLength ?? 0, flags));
  }

  /**
   * Sends the bytes of a buffer: `send(2)`.
   *
   * @param buffer - the bytes. It stays yours, but leave it alone until the promise is settled
   * @returns how many bytes were sent: it may be fewer than the buffer holds; {@link sendAll} sends them all
   * @throws SocketError EPIPE and ECONNRESET (the peer has gone), EMSGSIZE, EDESTADDRREQ, ENOTCONN, ENOBUFS,
   * EOPNOTSUPP, ECANCELED (closed meanwhile), EBADF
   */
  send(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<number> {
    try {
      const bytes = asBytes(buffer, 'buffer');
      if (options !== undefined || !this.isOpen()) return this.beginWith(options, (flags) => new Send(bytes, flags));
      if (!this.mayTry(WRITABLE)) return this.wait(Send.plain(bytes), undefined);
      if (this.maySendSoon(bytes)) return this.sendSoon(Send.plain(bytes));
      const result = sendNow(this.descriptor, bytes, 0);
      return result >= 0 ? settled(result) : this.waitOrFail(result, Send.plain(bytes));
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Sends all bytes of a buffer: `send(2)`, again and again. Other sends wait until it has ended.
   *
   * @param buffer - the bytes; it must not change meanwhile
   * @returns how many bytes: all of them. After an error or an abort an unknown part was sent
   * @throws SocketError as {@link send}
   */
  sendAll(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<number> {
    return this.beginWith(options, (flags) => new SendAll(asPlainBytes(buffer, 'buffer'), flags));
  }

  /**
   * Sends the bytes of a buffer to an address: `sendto(2)`.
   *
   * @param buffer - the bytes: one datagram
   * @param address - where to. A host name must be looked up first: `node:dns`
   * @returns how many bytes were sent
   * @throws SocketError as {@link send}, and ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EACCES, EISCONN, EAFNOSUPPORT
   */
  sendto(buffer: NodeJS.ArrayBufferView, address: SocketAddress, options?: TransferOptions): Promise<number> {
    try {
      const bytes = asBytes(buffer, 'buffer');
      const sockaddr = sockaddrOf(address);
      if (options !== undefined || !this.isOpen()) {
        return this.beginWith(options, (flags) => new Sendto(bytes, flags, sockaddr, address, this));
      }
      if (!this.mayTry(WRITABLE)) return this.wait(new Sendto(bytes, 0, sockaddr, address, this), undefined);
      const result = sendtoNow(this.descriptor, bytes, 0, sockaddr);
      return result >= 0 ? settled(result) : this.waitOrFail(result, new Sendto(bytes, 0, sockaddr, address, this));
    } catch (error) {
      return rejected(error);
    }
  }

  /**
   * Sends a message gathered from several buffers, with control messages: `sendmsg(2)`.
   *
   * @param message - descriptors in it stay yours
   * @returns how many bytes were sent
   * @throws SocketError as {@link send} and {@link sendto}; EINVAL (bad control data), EPERM, ETOOMANYREFS
   */
  sendmsg(message: MessageToSend, options?: WaitOptions): Promise<number> {
    return this.beginWith(options, () => new Sendmsg(message, this));
  }

  /**
   * The bytes that come, chunk by chunk, until the peer has sent its last or this socket is closed. A chunk is yours;
   * while the loop waits, no buffer is held.
   *
   * @throws SocketError as {@link recv}
   */
  chunks(options?: SizeOptions): AsyncGenerator<Buffer, void> {
    const size = sizeOf(options);
    const receive = (): Promise<Buffer> => this.beginWith(options, () => new RecvChunk(size, this.isTcp));
    return items(this, receive, (chunk) => this.hasEnd && chunk.length === 0);
  }

  /**
   * The datagrams that come, until this socket is closed or, where it is connected for good (SOCK_SEQPACKET), the peer
   * has sent its last. One that is longer than `size` is cut.
   *
   * @throws SocketError as {@link recvfrom}
   */
  datagrams(options?: SizeOptions): AsyncGenerator<Datagram, void> {
    const size = sizeOf(options);
    const receive = (): Promise<Datagram> => this.beginWith(options, () => new RecvDatagram(size));
    return items(this, receive, ({ data }) => this.hasEnd && data.length === 0);
  }

  #receiving(bytes: Uint8Array, flags: number): Recv | RecvAll {
    const all = this.isStream && (flags & MSG_WAITALL) !== 0 && (flags & (MSG_PEEK | MSG_OOB)) === 0;
    return all ? new RecvAll(bytes, flags & ~MSG_WAITALL) : new Recv(bytes, flags, this.isTcp);
  }

  /** A call was tried at once, and did not succeed. */
  private waitOrFail<Result>(errno: number, operation: Operation<Result>): Promise<Result> {
    if (errno !== MUST_WAIT) return rejected(operation.error(errno));
    setNotReady(this.descriptor, operation.direction);
    return this.wait(operation, undefined);
  }
}

function sizeOf(options: SizeOptions | undefined): number {
  return integer(options?.size === undefined ? DEFAULT_SIZE : options.size, 'options.size', 1, LARGEST_SIZE);
}
