/** Datagrams: from our Socket to Node's dgram.Socket, and back. */
import * as dgram from 'node:dgram';
import { setTimeout as later, setImmediate as nextTurn } from 'node:timers/promises';
import { close, SO_REUSEADDR, SO_TYPE, SOCK_DGRAM, SOL_SOCKET, type SocketAddress } from '../index.js';
import type { Socket, WaitOptions } from '../promises/index.js';
import { asObject, invalidType, invalidValue } from '../validate.js';
import { descriptorNow, dgramHandle, duplicate, isDgram } from './handle.js';
import { own } from './net.js';
import { asSocket } from './unshift.js';

/** So long between two looks whether everything has left: a socket that cannot send for now is rare. */
const LOOK_MS = 2;

/**
 * Makes a UDP socket of ours one of Node's. Listen for 'message' in the same turn, and no datagram is missed.
 *
 * The descriptor goes over. Ours is as if closed: calls that still wait are rejected with ECANCELED, later ones with
 * EBADF. Where this fails, the socket is still open, and still yours. A connected socket stays connected; 'connect'
 * tells when Node knows that, too.
 *
 * @param socket - a UDP socket, of IPv4 or IPv6
 * @returns Node's socket, which closes the descriptor
 * @throws TypeError ERR_INVALID_ARG_VALUE (no UDP: Node has no datagrams on unix sockets); SocketError EMFILE, EBADF
 */
export function toDgram(socket: Socket): dgram.Socket {
  const address = asSocket(socket).getsockname();
  const type = socket.getsockopt(SOL_SOCKET, SO_TYPE);
  if (type !== SOCK_DGRAM || !isIp(address)) throw invalidValue('socket', 'must be a UDP socket', socket);
  const made = dgram.createSocket(address.family === 'IPv6' ? 'udp6' : 'udp4');
  const reuse = socket.getsockopt(SOL_SOCKET, SO_REUSEADDR);
  try {
    open(made, socket.fd);
  } catch (error) {
    made.close();
    throw error;
  }
  socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, reuse); // libuv has turned it on
  const peer = peerOf(socket);
  close(socket.detach());
  if (peer) tellConnected(made, peer);
  return made;
}

/**
 * Makes a UDP socket of Node's one of ours. Datagrams that it was given to send leave first; those that it has received
 * were told to its listeners. A `send` whose host name is still being looked up is not waited for.
 *
 * Node's socket is closed, and emits 'close'. Where this fails it is still open, and still Node's.
 *
 * @param dgramSocket - a bound socket of node:dgram
 * @param options - a signal ends the wait for what is to leave first
 * @returns our socket, which closes the descriptor
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (not bound, closed); SocketError EMFILE
 */
export async function fromDgram(dgramSocket: dgram.Socket, options: WaitOptions = {}): Promise<Socket> {
  const { signal } = asObject(options, 'options') as WaitOptions;
  if (!isDgram(dgramSocket)) throw invalidType('dgramSocket', 'an instance of dgram.Socket', dgramSocket);
  signal?.throwIfAborted();
  descriptorNow(dgramSocket, 'dgramSocket');
  await nextTurn(); // a send that was called just now looks its address up first, also where that is an IP address
  signal?.throwIfAborted();
  while (dgramSocket.getSendQueueCount() > 0) {
    await later(LOOK_MS);
    signal?.throwIfAborted();
  }
  const socket = own(descriptorNow(dgramSocket, 'dgramSocket'));
  dgramSocket.close();
  return socket;
}

/** Gives Node's socket a descriptor of its own. */
function open(made: dgram.Socket, fd: number): void {
  const mine = duplicate(fd);
  try {
    made.bind({ fd: mine, exclusive: true } as dgram.BindOptions);
  } catch (error) {
    close(mine);
    throw error;
  }
}

/** The socket is connected; Node has to learn it, and libuv would refuse to connect again. */
function tellConnected(made: dgram.Socket, peer: IpAddress): void {
  const handle = dgramHandle(made);
  if (handle === undefined) return;
  const { connect } = handle;
  handle.connect = (): number => {
    handle.connect = connect;
    return 0;
  };
  made.connect(peer.port, peer.address);
}

type IpAddress = Extract<SocketAddress, { family: 'IPv4' | 'IPv6' }>;

function isIp(address: SocketAddress): address is IpAddress {
  return address.family === 'IPv4' || address.family === 'IPv6';
}

/** Whom it is connected to. */
function peerOf(socket: Socket): IpAddress | undefined {
  try {
    const peer = socket.getpeername();
    return isIp(peer) ? peer : undefined;
  } catch {
    return undefined; // ENOTCONN
  }
}
