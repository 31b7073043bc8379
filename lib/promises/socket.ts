/** The socket calls on an owned object; what waits returns a promise. */
import { constants } from 'node:os';
import {
  F_GETFL,
  F_SETFL,
  fcntl,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  socket,
  socketpair,
  type MessageToSend,
  type Received,
  type ReceivedMessage,
  type RecvmsgOptions,
  type SocketAddress,
} from '../index.js';
import { asBytes, asFd, integer } from '../validate.js';
import * as calls from './calls.js';
import { connections, items, type IncomingOptions, type SizeOptions } from './iterate.js';
import { MUST_WAIT, settled } from './operation.js';
import { readOptions, type TransferOptions, type WaitOptions } from './options.js';
import { isTcp, isTcpSocket, OwnedSocket, typeOf } from './owned.js';
import { prepare, READABLE, setNotReady, setReady, WRITABLE } from './readiness.js';
import { rejected } from './waitable.js';

/** A connection that was accepted. */
export interface AcceptedSocket {
  /** Its socket, which is yours to close. */
  socket: Socket;
  /** The peer's address. */
  address: SocketAddress;
}

const { EBADF } = constants.errno;

/** The first argument of the constructor that takes ownership of a descriptor. */
const OWN = Symbol('own');

const DEFAULT_SIZE = 65_536;
const LARGEST_SIZE = 2 ** 30;

/**
 * A socket that is closed with its object, and whose calls wait without blocking the event loop. Several calls may
 * wait at once: in each direction the first comes first. An error of the kernel is a SocketError, as in the raw API;
 * a mistake in an argument is a TypeError or RangeError with one of Node's `ERR_*` codes.
 *
 * @example
 * using server = new Socket(AF_INET, SOCK_STREAM)
 * server.bind({ family: 'IPv4', address: '127.0.0.1', port: 0 })
 * server.listen()
 * const { socket } = await server.accept()
 */
export class Socket extends OwnedSocket {
  /**
   * Makes a socket: `socket(2)`. It is non-blocking and close-on-exec.
   *
   * @param domain - the family: `AF_INET`, `AF_INET6`, `AF_UNIX` …
   * @param type - `SOCK_STREAM`, `SOCK_DGRAM` …
   * @param protocol - 0 for the type's usual one
   * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT, EINVAL, EACCES, EPERM, EMFILE, ENFILE
   */
  constructor(domain: number, type: number, protocol?: number);
  /** @internal */
  constructor(domain: typeof OWN, type: number, fd: number, isTcp: boolean);
  constructor(domain: number | typeof OWN, type: number, protocolOrFd = 0, isTcp = false) {
    if (domain === OWN) super(protocolOrFd, type, isTcp);
    else super(nonBlockingSocket(domain, type, protocolOrFd), type, isTcpSocket(domain, type, protocolOrFd));
  }

  /**
   * Makes two sockets that are connected to each other: `socketpair(2)`.
   *
   * @param domain - `AF_UNIX`
   * @param type - `SOCK_STREAM`, `SOCK_DGRAM` or `SOCK_SEQPACKET`
   * @param protocol - 0
   * @throws SocketError EAFNOSUPPORT, EOPNOTSUPP, EPROTONOSUPPORT, EMFILE, ENFILE
   */
  static pair(domain: number, type: number, protocol = 0): [Socket, Socket] {
    prepare();
    const [first, second] = socketpair(domain, type, protocol);
    setNonBlocking(first);
    setNonBlocking(second);
    return [new Socket(OWN, type, first, false), new Socket(OWN, type, second, false)];
  }

  /**
   * Takes ownership of a socket's descriptor: from now on this object closes it. It is made non-blocking, for every
   * holder of it.
   *
   * @param fd - a socket that nobody else closes or reads
   * @throws SocketError ENOTSOCK (a file, a pipe), EBADF; the descriptor then stays yours
   */
  static fromFd(fd: number): Socket {
    const type = typeOf(asFd(fd));
    prepare();
    setNonBlocking(fd);
    const socket = new Socket(OWN, type, fd, isTcp(fd));
    socket.mayLinger = true;
    return socket;
  }

  /**
   * Takes the next connection from a listener's queue: `accept(2)`.
   *
   * @returns the connection, whose socket is yours to close, and the peer's address
   * @throws SocketError EMFILE and ENFILE (the connection stays in the queue; further calls wait until there are
   * descriptors again), ECONNABORTED, EINVAL (not listening), EOPNOTSUPP, ECANCELED (closed meanwhile), EBADF
   */
  accept(options?: WaitOptions): Promise<AcceptedSocket> {
    if (options === undefined) return this.begin(new calls.Accept<AcceptedSocket>(this), undefined);
    return this.#run(options, (signal) => this.begin(new calls.Accept<AcceptedSocket>(this), signal));
  }

  /** @internal Were there no descriptors when a connection was to be accepted? */
  starved = false;

  /** @internal */
  accepted(fd: number, address: SocketAddress): AcceptedSocket {
    const socket = new Socket(OWN, this.type, fd, this.isTcp);
    socket.mayLinger = this.mayLinger; // inherited
    return { socket, address };
  }

  /**
   * Connects to a peer: `connect(2)`. After a failure or an abort, close the socket: it cannot be used again.
   *
   * @param address - the peer. A host name must be looked up first: `node:dns`
   * @throws SocketError ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EISCONN, EALREADY,
   * EAFNOSUPPORT, ECANCELED (closed meanwhile), EBADF
   */
  connect(address: SocketAddress, options?: WaitOptions): Promise<void> {
    return this.#run(options, (signal) => {
      const operation = new calls.Connect(address, () => {
        this.wake();
      });
      if (this.isOpen()) setReady(this.fd); // connect(2) is called at once, whatever was before
      return this.begin(operation, signal);
    });
  }

  /**
   * Receives into a buffer: `recv(2)`.
   *
   * @param buffer - where the bytes go. It stays yours, but leave it alone until the promise is settled
   * @returns how many bytes; 0 at the end of a stream. A stream gives what is there, not a whole message
   * @throws SocketError ECONNRESET, ECONNREFUSED, ENOTCONN, ETIMEDOUT, EINVAL, ECANCELED (closed meanwhile), EBADF
   */
  recv(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<number> {
    try {
      const bytes = asBytes(buffer, 'buffer');
      if (options !== undefined) {
        const { signal, flags } = readOptions(options);
        return this.begin(new calls.Recv(bytes, flags, this.isTcp), signal);
      }
      if (this.isOpen() && this.mayTry(READABLE)) {
        const result = calls.recvNow(this.fd, bytes, 0, this.isTcp);
        if (result >= 0) return settled(result);
        if (result !== MUST_WAIT) return rejected(new calls.Recv(bytes, 0, false).error(result));
        setNotReady(this.fd, READABLE);
      }
      const operation = new calls.Recv(bytes, 0, this.isTcp);
      return this.isOpen() ? this.wait(operation, undefined) : rejected(operation.error(-EBADF));
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
      const { signal, flags } = readOptions(options);
      return this.begin(new calls.Recvfrom(asBytes(buffer, 'buffer'), flags), signal);
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
    return this.#run(options, (signal, flags) =>
      this.begin(new calls.Recvmsg(buffers, options?.controlLength ?? 0, flags), signal),
    );
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
      if (options !== undefined) {
        const { signal, flags } = readOptions(options);
        return this.begin(new calls.Send(bytes, flags), signal);
      }
      if (this.isOpen() && this.mayTry(WRITABLE)) {
        const result = calls.sendNow(this.fd, bytes, 0);
        if (result >= 0) return settled(result);
        if (result !== MUST_WAIT) return rejected(new calls.Send(bytes, 0).error(result));
        setNotReady(this.fd, WRITABLE);
      }
      const operation = new calls.Send(bytes, 0);
      return this.isOpen() ? this.wait(operation, undefined) : rejected(operation.error(-EBADF));
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
    return this.#run(options, (signal, flags) =>
      this.begin(new calls.SendAll(asBytes(buffer, 'buffer'), flags), signal),
    );
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
      const { signal, flags } = readOptions(options);
      return this.begin(new calls.Sendto(asBytes(buffer, 'buffer'), flags, address), signal);
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
    return this.#run(options, (signal) => this.begin(new calls.Sendmsg(message), signal));
  }

  /**
   * The connections that come, as {@link accept} gives them. The loop ends when this listener is closed; leaving it
   * does not close the listener.
   *
   * @example
   * for await (const { socket } of server.incoming()) void serve(socket)
   */
  incoming(options?: IncomingOptions): AsyncGenerator<AcceptedSocket, void> {
    return connections(this, () => this.accept(options), options?.onError);
  }

  /**
   * The bytes that come, chunk by chunk, until the peer has sent its last or this socket is closed. A chunk is yours;
   * while the loop waits, no buffer is held.
   *
   * @throws SocketError as {@link recv}
   */
  chunks(options?: SizeOptions): AsyncGenerator<Buffer, void> {
    const size = sizeOf(options);
    const receive = (): Promise<Buffer> =>
      this.#run(options, (signal) => this.begin(new calls.RecvChunk(size, this.isTcp), signal));
    return items(this, receive, (chunk) => this.hasEnd && chunk.length === 0);
  }

  /**
   * The datagrams that come, until this socket is closed or, where it is connected for good (SOCK_SEQPACKET), the peer
   * has sent its last. One that is longer than `size` is cut.
   *
   * @throws SocketError as {@link recvfrom}
   */
  datagrams(options?: SizeOptions): AsyncGenerator<calls.Datagram, void> {
    const size = sizeOf(options);
    const receive = (): Promise<calls.Datagram> =>
      this.#run(options, (signal) => this.begin(new calls.RecvDatagram(size), signal));
    return items(this, receive, ({ data }) => this.hasEnd && data.length === 0);
  }

  /** Reads the options, and makes of what is thrown a rejection. */
  #run<Result>(
    options: TransferOptions | undefined,
    call: (signal: AbortSignal | undefined, flags: number) => Promise<Result>,
  ): Promise<Result> {
    try {
      const { signal, flags } = readOptions(options);
      return call(signal, flags);
    } catch (error) {
      return rejected(error);
    }
  }
}

function sizeOf(options: SizeOptions | undefined): number {
  return integer(options?.size ?? DEFAULT_SIZE, 'options.size', 1, LARGEST_SIZE);
}

function nonBlockingSocket(domain: number, type: number, protocol: number): number {
  prepare();
  if (SOCK_NONBLOCK !== undefined) return socket(domain, type | SOCK_NONBLOCK, protocol);
  return setNonBlocking(socket(domain, type, protocol));
}

function setNonBlocking(fd: number): number {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  return fd;
}
