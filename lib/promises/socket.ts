/** The socket calls on an owned object; what waits returns a promise. */
import { inspect } from 'node:util';
import { check, checkSocket } from '../errors.js';
import {
  bind,
  getpeername,
  getsockname,
  getsockopt,
  listen,
  setsockopt,
  shutdown,
  SOCK_STREAM,
  SOMAXCONN,
  type IntOption,
  type MessageToSend,
  type OptionValue,
  type Received,
  type ReceivedMessage,
  type RecvmsgOptions,
  type SocketAddress,
  type StringOption,
} from '../index.js';
import { native, reply } from '../native.js';
import { asFd, asInt, invalidValue } from '../validate.js';
import { chunks } from './calls/chunks.js';
import * as connection from './calls/connection.js';
import * as datagram from './calls/datagram.js';
import { datagrams, type Datagram } from './calls/datagrams.js';
import * as message from './calls/message.js';
import { poll } from './calls/poll.js';
import * as transfer from './calls/transfer.js';
import { Engine } from './engine/engine.js';
import { prepare } from './engine/turn.js';
import { looksOf } from './inspect.js';
import type { DatagramsOptions, IncomingOptions, SizeOptions, TransferOptions, WaitOptions } from './options.js';
import { isTcp, isTcpSocket, typeOf } from './socket-type.js';
import { SocketStream, type DuplexOptions } from './streams/duplex.js';
import { WebEnds, type WebStreams } from './streams/web.js';

/** A connection that was accepted. */
export interface AcceptedSocket {
  /** Its socket, which is yours to close. */
  socket: Socket;
  /** The peer's address. */
  address: SocketAddress;
}

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
export class Socket {
  readonly #engine: Engine;

  /**
   * Makes a socket: `socket(2)`. It is non-blocking and close-on-exec.
   *
   * @param domain - the family: `AF_INET`, `AF_INET6`, `AF_UNIX` …
   * @param type - `SOCK_STREAM`, `SOCK_DGRAM` …
   * @param protocol - 0 for the type's usual one
   * @throws SocketError EAFNOSUPPORT, EPROTONOSUPPORT, EINVAL, EACCES, EPERM, EMFILE, ENFILE
   */
  constructor(domain: number, type: number, protocol = 0) {
    this.#engine = accepted ?? open(domain, type, protocol);
    accepted = undefined;
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
    const first = check(
      native.ownPair(asInt(domain, 'domain'), asInt(type, 'type'), asInt(protocol, 'protocol')),
      'socketpair',
    );
    const second = reply.value();
    return [socketOf(new Engine(first, type)), socketOf(new Engine(second, type))];
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
    const drains = isTcp(fd);
    prepare();
    check(native.own(fd, Number(drains)), 'ioctl');
    return socketOf(new Engine(fd, type));
  }

  /**
   * The descriptor; -1 once it is closed or detached. Await what you send before you use it with the raw API. Where the raw
   * `close` closes it, this object notices; where anything else does, it cannot always tell the next descriptor of that number
   * from its own.
   */
  get fd(): number {
    return this.#engine.fd;
  }

  /**
   * Gives the socket its own address: `bind(2)`.
   *
   * @param address - port 0: the kernel chooses a free one, which {@link getsockname} tells
   * @throws SocketError EADDRINUSE, EADDRNOTAVAIL (not an address of this host), EACCES (a privileged port), EINVAL
   * (already bound; another family), EBADF (closed); for unix paths also ENOENT, ENOTDIR, EROFS
   */
  bind(address: SocketAddress): void {
    bind(this.#engine.settled('bind'), address);
  }

  /**
   * Makes a bound socket accept connections: `listen(2)`.
   *
   * @param backlog - how many connections may wait to be accepted; the system's limit cuts it
   * @throws SocketError EADDRINUSE (another socket already listens there), EINVAL, EOPNOTSUPP, EBADF (closed)
   */
  listen(backlog: number = SOMAXCONN): void {
    listen(this.#engine.settled('listen'), backlog);
  }

  /**
   * Ends receiving, sending or both, for every holder of the socket: `shutdown(2)`.
   *
   * @param how - `SHUT_RD`, `SHUT_WR` or `SHUT_RDWR`
   * @throws SocketError ENOTCONN, EINVAL, EBADF (closed)
   */
  shutdown(how: number): void {
    shutdown(this.#engine.settled('shutdown'), how);
  }

  /**
   * The socket's own address: `getsockname(2)`.
   *
   * @throws SocketError EBADF (closed)
   */
  getsockname(): SocketAddress {
    return getsockname(this.#engine.settled('getsockname'));
  }

  /**
   * The peer's address: `getpeername(2)`.
   *
   * @throws SocketError ENOTCONN, EINVAL, EBADF (closed)
   */
  getpeername(): SocketAddress {
    return getpeername(this.#engine.settled('getpeername'));
  }

  /**
   * The value of an int option: `getsockopt(2)`.
   *
   * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
   * @param option - `SO_RCVBUF`, `TCP_NODELAY` …
   * @throws SocketError ENOPROTOOPT, EINVAL, EOPNOTSUPP, EBADF (closed)
   */
  getsockopt<Option extends number>(level: number, option: IntOption<Option>): number;
  /** The value of an option that is a string: `TCP_CONGESTION`, `SO_BINDTODEVICE`. `getsockopt(2)`. */
  getsockopt(level: number, option: StringOption): string;
  /**
   * The bytes of an option that is no int: `getsockopt(2)`.
   *
   * @param length - how many bytes to make room for
   */
  getsockopt(level: number, option: number, length: number): Buffer;
  getsockopt(level: number, option: number, length?: number): number | string | Buffer {
    const fd = this.#engine.settled('getsockopt');
    return length === undefined ? getsockopt(fd, level, option) : getsockopt(fd, level, option, length);
  }

  /**
   * Sets an option: `setsockopt(2)`.
   *
   * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
   * @param option - `SO_REUSEADDR`, `TCP_NODELAY` …
   * @param value - an int, true for 1, false for 0, the bytes of a struct, or the string of an option that takes one
   * @throws SocketError ENOPROTOOPT, EINVAL, EDOM, EPERM, EACCES, EISCONN, EOPNOTSUPP, ENODEV, EBADF (closed)
   */
  setsockopt<Option extends number>(level: number, option: Option, value: OptionValue<Option>): void {
    setsockopt(this.#engine.settled('setsockopt'), level, option, value);
  }

  /**
   * Closes the socket: `close(2)`. Calls that wait are rejected with ECANCELED, later ones with EBADF; closing again
   * does nothing. Where SO_LINGER says that close waits for unsent data, it does so on another thread.
   */
  close(): void {
    this.#engine.close();
  }

  /**
   * Gives the descriptor away: it is not closed by this object any more. Calls that wait are rejected with
   * ECANCELED, later ones with EBADF.
   *
   * @returns the descriptor, which is yours to close. It stays non-blocking
   * @throws SocketError EBADF (closed)
   */
  detach(): number {
    return this.#engine.detach();
  }

  /** Closes the socket, as {@link close}: so `using socket = …` closes it at the end of its block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Takes the next connection from a listener's queue: `accept(2)`.
   *
   * @returns the connection, whose socket is yours to close, and the peer's address
   * @throws SocketError EMFILE, ENFILE, ENOBUFS, ENOMEM and EPERM (the connection stays in the queue; further calls wait until
   * it can be taken), ECONNABORTED, EINVAL (not listening), EOPNOTSUPP, ECANCELED (closed meanwhile), EBADF
   */
  accept(options?: WaitOptions): Promise<AcceptedSocket> {
    return connection.accept(this.#engine, wrapAccepted, options);
  }

  /**
   * Connects to a peer: `connect(2)`. After a failure or an abort, close the socket: it cannot be used again.
   *
   * @param address - the peer. A host name must be looked up first: `node:dns`
   * @throws SocketError ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EISCONN, EALREADY,
   * EAFNOSUPPORT, ECANCELED (closed meanwhile), EBADF
   */
  connect(address: SocketAddress, options?: WaitOptions): Promise<void> {
    return connection.connect(this.#engine, address, options);
  }

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
    return transfer.recv(this.#engine, buffer, options);
  }

  /**
   * Receives into a buffer, and tells the sender: `recvfrom(2)`.
   *
   * @param buffer - where the bytes go. A datagram longer than it is cut: `MSG_TRUNC` tells its real length
   * @throws SocketError as {@link recv}
   */
  recvfrom(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<Received> {
    return datagram.recvfrom(this.#engine, buffer, options);
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
    return message.recvmsg(this.#engine, buffers, options);
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
    return transfer.send(this.#engine, buffer, options);
  }

  /**
   * Sends all bytes of a buffer: `send(2)`, again and again. Other sends wait until it has ended.
   *
   * @param buffer - the bytes; it must not change meanwhile
   * @returns how many bytes: all of them. After an error or an abort an unknown part was sent
   * @throws SocketError as {@link send}
   */
  sendAll(buffer: NodeJS.ArrayBufferView, options?: TransferOptions): Promise<number> {
    return transfer.sendAll(this.#engine, buffer, options);
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
    return datagram.sendto(this.#engine, buffer, address, options);
  }

  /**
   * Sends a message gathered from several buffers, with control messages: `sendmsg(2)`.
   *
   * @param messageToSend - descriptors in it stay yours
   * @returns how many bytes were sent
   * @throws SocketError as {@link send} and {@link sendto}; EINVAL (bad control data), EPERM, ETOOMANYREFS
   */
  sendmsg(messageToSend: MessageToSend, options?: WaitOptions): Promise<number> {
    return message.sendmsg(this.#engine, messageToSend, options);
  }

  /**
   * The bytes that come, chunk by chunk, until the peer has sent its last or this socket is closed. A chunk is yours;
   * while the loop waits, no buffer is held.
   *
   * @throws SocketError as {@link recv}
   */
  chunks(options?: SizeOptions): AsyncGenerator<Buffer, void> {
    return chunks(this.#engine, options);
  }

  /**
   * The datagrams that come, until this socket is closed or, where it is connected for good (SOCK_SEQPACKET), the peer
   * has sent its last. One that is longer than `size` is cut.
   *
   * @throws SocketError as {@link recvfrom}
   */
  datagrams(options?: DatagramsOptions): AsyncGenerator<Datagram, void> {
    return datagrams(this.#engine, options);
  }

  /**
   * Waits until an event has come: `poll(2)`. For urgent data, POLLPRI; for the error queue, POLLERR.
   *
   * @param events - `POLLIN`, `POLLOUT`, `POLLPRI` …, or-ed; 0 for the three below
   * @returns those that have come, and POLLERR, POLLHUP or POLLNVAL where it is so
   * @throws SocketError ECANCELED (closed meanwhile), EBADF
   */
  poll(events: number, options?: WaitOptions): Promise<number> {
    return poll(this.#engine, events, options);
  }

  /**
   * The connections that come, as {@link accept} gives them. The loop ends when this listener is closed; leaving it
   * does not close the listener.
   *
   * @example
   * for await (const { socket } of server.incoming()) void serve(socket)
   */
  incoming(options?: IncomingOptions): AsyncGenerator<AcceptedSocket, void> {
    return connection.incoming(this.#engine, wrapAccepted, options);
  }

  /**
   * The connection as a Duplex of node:stream: for `pipeline`, `tls.connect({ socket })`, `http.request({ createConnection })`,
   * `http2.connect({ createConnection })`, `server.emit('connection')` … The kernel's buffers are full where nobody reads, so
   * back-pressure reaches the peer; `end()` is a half-close; an error of the kernel destroys the stream with it.
   *
   * The socket is the stream's: it is closed when both directions have ended, or by `destroy()`. Call no other method that
   * receives, sends or closes.
   *
   * @param options - `allowHalfOpen` is true where it is left out, as in Duplex
   * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (no stream socket); RangeError ERR_OUT_OF_RANGE; SocketError ENOTCONN, EBADF (closed)
   * @example
   * await pipeline(fs.createReadStream('big'), zlib.createGzip(), (await connect(address)).toDuplex())
   */
  toDuplex(options: DuplexOptions = {}): SocketStream {
    return new SocketStream(this.#connected(), options);
  }

  /**
   * The connection as streams of the web: for `pipeTo`, `pipeThrough`, `new Response(readable)` … A read with a buffer of
   * yours ("BYOB") receives right into it. Closing `writable` is a half-close; aborting it, or an error of the kernel, ends
   * both; cancelling `readable` ends that direction.
   *
   * The socket is the streams': it is closed when both have ended. Call no other method that receives, sends or closes.
   *
   * @throws TypeError ERR_INVALID_ARG_VALUE (no stream socket); SocketError ENOTCONN, EBADF (closed)
   * @example
   * const { readable, writable } = socket.toWeb()
   * await readable.pipeThrough(new CompressionStream('gzip')).pipeTo(writable)
   */
  toWeb(): WebStreams {
    return new WebEnds(this.#connected());
  }

  /** This socket, where it is a connected stream socket. */
  #connected(): this {
    this.getpeername();
    if (this.#engine.type !== SOCK_STREAM) throw invalidValue('socket', 'must be a stream socket', this);
    return this;
  }

  /**
   * Calls that wait keep the process alive, as they do from the beginning: the opposite of {@link unref}.
   *
   * @returns this socket
   */
  ref(): this {
    this.#engine.setKeepsAlive(true);
    return this;
  }

  /**
   * Calls that wait do not keep the process alive any more.
   *
   * @returns this socket
   */
  unref(): this {
    this.#engine.setKeepsAlive(false);
    return this;
  }

  /** What `console.log` shows: descriptor, family, type, state and addresses, as the kernel says them now. */
  [inspect.custom](_depth: number, options: object): string {
    return `Socket ${inspect(looksOf(this.fd), options)}`;
  }
}

/** The engine that the next Socket is the face of, where it is not to make one. */
let accepted: Engine | undefined;

function socketOf(engine: Engine): Socket {
  accepted = engine;
  return new Socket(0, 0);
}

function wrapAccepted({ engine, address }: connection.Accepted): AcceptedSocket {
  return { socket: socketOf(engine), address };
}

function open(domain: number, type: number, protocol: number): Engine {
  prepare();
  const drains = isTcpSocket(asInt(domain, 'domain'), asInt(type, 'type'), asInt(protocol, 'protocol'));
  const made = native.ownSocket(domain, type, protocol, Number(drains));
  return new Engine(checkSocket(made, domain, type, protocol), type);
}
