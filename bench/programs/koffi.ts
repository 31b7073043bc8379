/** koffi: libc's functions called through a foreign function interface, buffers as pointers, -1 checked here. */
import { AF_INET, AF_UNIX, SO_REUSEADDR, SOCK_STREAM, socket, socketpair, SOL_SOCKET } from 'bsd-sockets';
import { listenAndTell, MESSAGE_BYTES, play } from './harness.js';
import { peerRequire } from '../paths.js';

interface Koffi {
  load(library: string | null): { func(prototype: string): (...args: unknown[]) => number };
}

const libc = (peerRequire('koffi') as Koffi).load(null);
const getsockopt = libc.func('int getsockopt(int fd, int level, int option, void *value, void *length)');
const accept = libc.func('int accept(int fd, void *address, void *length)');
const send = libc.func('intptr_t send(int fd, void *bytes, size_t length, int flags)');
const recv = libc.func('intptr_t recv(int fd, void *bytes, size_t length, int flags)');
const close = libc.func('int close(int fd)');

function check(result: number): number {
  if (result === -1) throw new Error('a call failed');
  return result;
}

/** Makes a peer's address of its `struct sockaddr_in`, as this package does. */
function peerAddress(bytes: Buffer): { address: string; port: number } {
  return { address: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
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
    const sockaddr = Buffer.alloc(16);
    const length = new Uint32Array(1);
    return (count) => {
      for (let i = 0; i < count; i++) {
        length[0] = sockaddr.length;
        const fd = check(accept(listening, sockaddr, length));
        peerAddress(sockaddr);
        check(recv(fd, message, MESSAGE_BYTES, 0));
        check(send(fd, message, MESSAGE_BYTES, 0));
        check(close(fd));
      }
    };
  },
});
