/** This package, as a user would write it. */
import {
  accept,
  AF_INET,
  AF_UNIX,
  close,
  getsockopt,
  recv,
  send,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  socketpair,
  SOL_SOCKET,
} from 'bsd-sockets';
import { listenAndTell, MESSAGE_BYTES, play } from './harness.js';

play({
  getsockopt() {
    const fd = socket(AF_INET, SOCK_STREAM);
    return (count) => {
      for (let i = 0; i < count; i++) getsockopt(fd, SOL_SOCKET, SO_REUSEADDR);
    };
  },

  pair() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const byte = Buffer.alloc(1);
    return (count) => {
      for (let i = 0; i < count; i++) {
        send(sender, byte);
        recv(receiver, byte);
      }
    };
  },

  'ping-pong'() {
    const { fd } = accept(listenAndTell());
    const message = Buffer.alloc(MESSAGE_BYTES);
    return (count) => {
      for (let i = 0; i < count; i++) {
        recv(fd, message);
        send(fd, message);
      }
    };
  },

  conversation() {
    const listening = listenAndTell();
    const message = Buffer.alloc(MESSAGE_BYTES);
    return (count) => {
      for (let i = 0; i < count; i++) {
        const { fd } = accept(listening);
        recv(fd, message);
        send(fd, message);
        close(fd);
      }
    };
  },
});
