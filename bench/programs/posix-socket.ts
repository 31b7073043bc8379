/** posix-socket: blocking calls written for V8 itself, addresses as objects. Its getsockopt refuses any three arguments,
 * its recvfrom writes the address into its fourth argument, a number: there is none. No sendmsg, no recvmmsg. */
import { AF_UNIX, SOCK_STREAM, socketpair } from 'bsd-sockets';
import { listenAndTell, MESSAGE_BYTES, play, SMALL_BYTES, STREAM_BURST } from './harness.js';
import { peerRequire } from '../paths.js';

interface PosixSocket {
  accept(fd: number, address: object): number;
  send(fd: number, buffer: ArrayBuffer, length: number, flags: number): number;
  recv(fd: number, buffer: ArrayBuffer, length: number, flags: number): number;
  close(fd: number): void;
}

const posix = peerRequire('posix-socket') as PosixSocket;

play({
  pair() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const byte = new ArrayBuffer(1);
    return (count) => {
      for (let i = 0; i < count; i++) {
        posix.send(sender, byte, 1, 0);
        posix.recv(receiver, byte, 1, 0);
      }
    };
  },

  recv() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const load = new ArrayBuffer(STREAM_BURST * SMALL_BYTES);
    const message = new ArrayBuffer(SMALL_BYTES);
    return (count) => {
      for (let i = 0; i < count; i += STREAM_BURST) {
        posix.send(sender, load, load.byteLength, 0);
        for (let j = 0; j < STREAM_BURST; j++) posix.recv(receiver, message, SMALL_BYTES, 0);
      }
    };
  },

  'ping-pong'() {
    const fd = posix.accept(listenAndTell(), {});
    const message = new ArrayBuffer(MESSAGE_BYTES);
    return (count) => {
      for (let i = 0; i < count; i++) {
        posix.recv(fd, message, MESSAGE_BYTES, 0);
        posix.send(fd, message, MESSAGE_BYTES, 0);
      }
    };
  },

  conversation() {
    const listening = listenAndTell();
    const message = new ArrayBuffer(MESSAGE_BYTES);
    return (count) => {
      for (let i = 0; i < count; i++) {
        const fd = posix.accept(listening, {});
        posix.recv(fd, message, MESSAGE_BYTES, 0);
        posix.send(fd, message, MESSAGE_BYTES, 0);
        posix.close(fd);
      }
    };
  },
});
