/** The socket calls on an owned object; what waits returns a promise. */
import {
  F_GETFL,
  F_SETFL,
  fcntl,
  O_NONBLOCK,
  SOCK_NONBLOCK,
  socket,
  socketpair,
  type SocketAddress,
} from '../index.js';
import { asFd, asInt } from '../validate.js';
import { Accept, Connect } from './calls/connection.js';
import { connections, type IncomingOptions } from './iterate.js';
import type { WaitOptions } from './options.js';
import { isTcp, isTcpSocket, typeOf } from './owned.js';
import { prepare, setReady } from './readiness.js';
import { TransferSocket } from './transfers.js';

/** A connection that was accepted. */
export interface AcceptedSocket {
  /** Its socket, which is yours to close. */
  socket: Socket;
  /** The peer's address. */
  address: SocketAddress;
}

/** The first argument of the constructor that takes ownership of a descriptor. */
const OWN = Symbol('own');

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
export class Socket extends TransferSocket {
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
    const operation = new Accept<AcceptedSocket>(this);
    return options === undefined ? this.begin(operation, undefined) : this.beginWith(options, () => operation);
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
    return this.beginWith(options, () => {
      const operation = new Connect(address, this);
      if (this.isOpen()) setReady(this.descriptor); // connect(2) is called at once, whatever was before
      return operation;
    });
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
}

function nonBlockingSocket(domain: number, type: number, protocol: number): number {
  prepare();
  const flag = SOCK_NONBLOCK as number | undefined; // macOS lacks it
  if (flag !== undefined) return socket(domain, asInt(type, 'type') | flag, protocol);
  return setNonBlocking(socket(domain, type, protocol));
}

function setNonBlocking(fd: number): number {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  return fd;
}
