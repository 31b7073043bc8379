/** koffi: libc's functions called through a foreign function interface, buffers as pointers, -1 checked here. */
import { AF_INET, AF_UNIX, MSG_WAITALL, SO_REUSEADDR, SOCK_STREAM, socket, socketpair, SOL_SOCKET } from 'bsd-sockets';
import {
  cut,
  DATAGRAM_BURST,
  datagramPair,
  listenAndTell,
  MESSAGE_BYTES,
  play,
  SMALL_BYTES,
  STREAM_BURST,
} from './harness.js';
import { peerRequire } from '../paths.js';

interface Koffi {
  load(library: string | null): { func(prototype: string): (...args: unknown[]) => number };
  address(buffer: NodeJS.ArrayBufferView): bigint;
}

const koffi = peerRequire('koffi') as Koffi;
const libc = koffi.load(null);
const getsockopt = libc.func('int getsockopt(int fd, int level, int option, void *value, void *length)');
const accept = libc.func('int accept(int fd, void *address, void *length)');
const send = libc.func('intptr_t send(int fd, void *bytes, size_t length, int flags)');
const recv = libc.func('intptr_t recv(int fd, void *bytes, size_t length, int flags)');
const recvfrom = libc.func(
  'intptr_t recvfrom(int fd, void *bytes, size_t length, int flags, void *address, void *addressLength)',
);
const sendmsg = libc.func('intptr_t sendmsg(int fd, void *message, int flags)');
const recvmmsg = libc.func('int recvmmsg(int fd, void *messages, unsigned int count, int flags, void *timeout)');
const close = libc.func('int close(int fd)');

const SOCKADDR_BYTES = 16;

function check(result: number): number {
  if (result === -1) throw new Error('a call failed');
  return result;
}

/** Makes a peer's address of its `struct sockaddr_in`, as this package does. */
function peerAddress(bytes: Buffer): { address: string; port: number } {
  return { address: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
}

// Of C's structs on 64-bit Linux, in words: struct iovec is two long, struct mmsghdr eight. They begin with the
// name's address and length, the iovec's address and their number.
const IOVEC_WORDS = 2;
const MESSAGE_WORDS = 8;

// Nothing but a number refers to what a struct points to: it has to be kept from the garbage collector.
const kept: unknown[] = [];

function pointerTo(view: NodeJS.ArrayBufferView): bigint {
  kept.push(view);
  return koffi.address(view);
}

function iovecs(buffers: readonly Buffer[]): BigUint64Array {
  return BigUint64Array.from(buffers.flatMap((buffer) => [pointerTo(buffer), BigInt(buffer.length)]));
}

play({
  getsockopt() {
    const fd = socket(AF_INET, SOCK_STREAM);
    const value = new Int32Array(1);
    const length = new Uint32Array([4]);
    return (count) => {
      for (let i = 0; i < count; i++) check(getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, length));
    };
  },

  pair() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const byte = Buffer.alloc(1);
    return (count) => {
      for (let i = 0; i < count; i++) {
        check(send(sender, byte, 1, 0));
        check(recv(receiver, byte, 1, 0));
      }
    };
  },

  recv() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const load = Buffer.alloc(STREAM_BURST * SMALL_BYTES);
    const message = Buffer.alloc(SMALL_BYTES);
    return (count) => {
      for (let i = 0; i < count; i += STREAM_BURST) {
        check(send(sender, load, load.length, 0));
        for (let j = 0; j < STREAM_BURST; j++) check(recv(receiver, message, SMALL_BYTES, 0));
      }
    };
  },

  sendmsg() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const load = Buffer.alloc(STREAM_BURST * SMALL_BYTES);
    const buffers = iovecs([Buffer.alloc(SMALL_BYTES / 2), Buffer.alloc(SMALL_BYTES / 2)]);
    const message = new BigUint64Array(MESSAGE_WORDS);
    message.set([0n, 0n, pointerTo(buffers), 2n]);
    return (count) => {
      for (let i = 0; i < count; i += STREAM_BURST) {
        for (let j = 0; j < STREAM_BURST; j++) check(sendmsg(sender, message, 0));
        check(recv(receiver, load, load.length, MSG_WAITALL));
      }
    };
  },

  recvfrom() {
    const [sender, receiver] = datagramPair();
    const load = Buffer.alloc(DATAGRAM_BURST * SMALL_BYTES);
    const message = Buffer.alloc(SMALL_BYTES);
    const sockaddr = Buffer.alloc(SOCKADDR_BYTES);
    const length = new Uint32Array(1);
    return (count) => {
      for (let i = 0; i < count; i += DATAGRAM_BURST) {
        check(send(sender, load, load.length, 0));
        for (let j = 0; j < DATAGRAM_BURST; j++) {
          length[0] = SOCKADDR_BYTES;
          check(recvfrom(receiver, message, SMALL_BYTES, 0, sockaddr, length));
          peerAddress(sockaddr);
        }
      }
    };
  },

  recvmmsg() {
    const [sender, receiver] = datagramPair();
    const load = Buffer.alloc(DATAGRAM_BURST * SMALL_BYTES);
    const senders = cut(Buffer.alloc(DATAGRAM_BURST * SOCKADDR_BYTES));
    const buffers = iovecs(cut(load));
    const messages = new BigUint64Array(DATAGRAM_BURST * MESSAGE_WORDS);
    senders.forEach((name, i) => {
      const iovec = pointerTo(buffers) + BigInt(i * IOVEC_WORDS * 8);
      messages.set([pointerTo(name), 0n, iovec, 1n], i * MESSAGE_WORDS);
    });
    const ints = new Uint32Array(messages.buffer);
    return (count) => {
      for (let i = 0; i < count; i++) {
        check(send(sender, load, load.length, 0));
        for (let j = 0; j < DATAGRAM_BURST; j++) ints[2 * (j * MESSAGE_WORDS + 1)] = SOCKADDR_BYTES;
        check(recvmmsg(receiver, messages, DATAGRAM_BURST, 0, null));
        for (const name of senders) peerAddress(name);
      }
    };
  },

  'ping-pong'() {
    const fd = check(accept(listenAndTell(), null, null));
    const message = Buffer.alloc(MESSAGE_BYTES);
    return (count) => {
      for (let i = 0; i < count; i++) {
        check(recv(fd, message, MESSAGE_BYTES, 0));
        check(send(fd, message, MESSAGE_BYTES, 0));
      }
    };
  },

  conversation() {
    const listening = listenAndTell();
    const message = Buffer.alloc(MESSAGE_BYTES);
    const sockaddr = Buffer.alloc(SOCKADDR_BYTES);
    const length = new Uint32Array(1);
    return (count) => {
      for (let i = 0; i < count; i++) {
        length[0] = SOCKADDR_BYTES;
        const fd = check(accept(listening, sockaddr, length));
        peerAddress(sockaddr);
        check(recv(fd, message, MESSAGE_BYTES, 0));
        check(send(fd, message, MESSAGE_BYTES, 0));
        check(close(fd));
      }
    };
  },
});
