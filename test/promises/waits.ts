/** Every call of a Socket that can wait, each where it has to: for tests of what all of them share. */
import * as s from 'bsd-sockets';
import { Socket, type WaitOptions } from 'bsd-sockets/promises';
import { abstractName, drain, fill, fullListener, listening, owned, pair, tcpPair } from '../support/owned.js';

/** A socket with a call that waits. */
export interface Waiting {
  socket: Socket;
  /** Makes the call. */
  call: (options?: WaitOptions) => Promise<unknown>;
  /** Makes happen what it waits for; without it nothing can here. */
  happens?: () => unknown;
}

const buffer = (): Buffer => Buffer.alloc(4);

function receiving(call: (socket: Socket, options?: WaitOptions) => Promise<unknown>, type?: number) {
  return (): Waiting => {
    const [socket, peer] = pair(type);
    return { socket, call: (options) => call(socket, options), happens: () => s.send(peer.fd, Buffer.from('data')) };
  };
}

function sending(call: (socket: Socket, options?: WaitOptions) => Promise<unknown>) {
  return (): Waiting => {
    const [socket, peer] = pair();
    fill(socket);
    return { socket, call: (options) => call(socket, options), happens: () => drain(peer) };
  };
}

/** A datagram to a receiver whose queue is full. */
function sendingTo(): Waiting {
  const [socket, receiver] = [s.SOCK_DGRAM, s.SOCK_DGRAM].map((type) => owned(new Socket(s.AF_UNIX, type))) as [
    Socket,
    Socket,
  ];
  const address = abstractName();
  receiver.bind(address);
  s.connect(socket.fd, address);
  fill(socket);
  return {
    socket,
    call: (options) => socket.sendto(buffer(), address, options),
    happens: () => drain(receiver),
  };
}

function accepting(call: (listener: Socket, options?: WaitOptions) => Promise<unknown>) {
  return (): Waiting => {
    const socket = listening();
    const client = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    return {
      socket,
      call: (options) => call(socket, options),
      happens: () => client.connect(socket.getsockname()),
    };
  };
}

/** To a listener that has room for no more. */
async function connecting(): Promise<Waiting> {
  const listener = await fullListener();
  const socket = owned(new Socket(s.AF_UNIX, s.SOCK_STREAM));
  return {
    socket,
    call: (options) => socket.connect(listener.getsockname(), options),
    happens: async () => owned((await listener.accept()).socket),
  };
}

/** The same with TCP: nobody answers. */
async function connectingByTcp(): Promise<Waiting> {
  const listener = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
  listener.bind({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  listener.listen(0);
  await owned(new Socket(s.AF_INET, s.SOCK_STREAM)).connect(listener.getsockname());
  const socket = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
  return { socket, call: (options) => socket.connect(listener.getsockname(), options) };
}

async function receivingByTcp(): Promise<Waiting> {
  const [socket, peer] = await tcpPair();
  return { socket, call: (options) => socket.recv(buffer(), options), happens: () => peer.send(Buffer.from('data')) };
}

const receives: Record<string, () => Waiting | Promise<Waiting>> = {
  recv: receiving((socket, options) => socket.recv(buffer(), options)),
  'recv of TCP': receivingByTcp,
  recvfrom: receiving((socket, options) => socket.recvfrom(buffer(), options), s.SOCK_DGRAM),
  recvmsg: receiving((socket, options) => socket.recvmsg([buffer()], options)),
};

const sends: Record<string, () => Waiting | Promise<Waiting>> = {
  send: sending((socket, options) => socket.send(buffer(), options)),
  sendAll: sending((socket, options) => socket.sendAll(buffer(), options)),
  sendmsg: sending((socket, options) => socket.sendmsg({ buffers: [buffer()] }, options)),
  ...(process.platform === 'linux' ? { sendto: sendingTo } : {}),
};

/** The calls that wait, by name; the first word is the system call. On other systems than Linux those it has. */
const WAITS: Record<string, () => Waiting | Promise<Waiting>> = {
  ...receives,
  ...sends,
  accept: accepting(async (listener, options) => owned((await listener.accept(options)).socket)),
  ...(process.platform === 'linux' ? { connect: connecting, 'connect of TCP': connectingByTcp } : {}),
};

/** The name of the system call that a wait makes. */
export function syscallOf(name: string): string {
  const [call = ''] = name.split(' ');
  return call === 'sendAll' ? 'send' : call;
}

/** The names of the calls that wait. */
export const WAIT_NAMES = Object.keys(WAITS);

/** Makes what one of these calls needs. */
export async function waitOf(name: string): Promise<Waiting> {
  return (WAITS[name] as () => Waiting | Promise<Waiting>)();
}

/** A socket with a loop that waits. */
export interface Loop {
  socket: Socket;
  loop: (options?: WaitOptions) => AsyncGenerator<unknown, void>;
}

export const LOOPS: Record<
  string,
  () => { socket: Socket; loop: (options?: WaitOptions) => AsyncGenerator<unknown, void> }
> = {
  incoming: () => {
    const socket = listening();
    return { socket, loop: (options) => socket.incoming(options) };
  },
  chunks: () => {
    const [socket] = pair();
    return { socket, loop: (options) => socket.chunks(options) };
  },
  datagrams: () => {
    const [socket] = pair(s.SOCK_DGRAM);
    return { socket, loop: (options) => socket.datagrams(options) };
  },
};

/** The names of the loops that wait. */
export const LOOP_NAMES = Object.keys(LOOPS);

/** Makes what one of these loops needs. */
export function loopOf(name: string): Loop {
  return (LOOPS[name] as () => Loop)();
}
