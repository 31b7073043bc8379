/** This package, as a user would write it. */
import {
  accept,
  AF_INET,
  AF_UNIX,
  close,
  getsockopt,
  MSG_WAITALL,
  recv,
  recvfrom,
  recvmmsg,
  send,
  sendmsg,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  socketpair,
  SOL_SOCKET,
} from 'bsd-sockets';
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

  recv() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const load = Buffer.alloc(STREAM_BURST * SMALL_BYTES);
    const message = Buffer.alloc(SMALL_BYTES);
    return (count) => {
      for (let i = 0; i < count; i += STREAM_BURST) {
        send(sender, load);
        for (let j = 0; j < STREAM_BURST; j++) recv(receiver, message);
      }
    };
  },

  sendmsg() {
    const [sender, receiver] = socketpair(AF_UNIX, SOCK_STREAM);
    const load = Buffer.alloc(STREAM_BURST * SMALL_BYTES);
    const buffers = [Buffer.alloc(SMALL_BYTES / 2), Buffer.alloc(SMALL_BYTES / 2)];
    return (count) => {
      for (let i = 0; i < count; i += STREAM_BURST) {
        for (let j = 0; j < STREAM_BURST; j++) sendmsg(sender, { buffers });
        recv(receiver, load, MSG_WAITALL);
      }
    };
  },

  recvfrom() {
    const [sender, receiver] = datagramPair();
    const load = Buffer.alloc(DATAGRAM_BURST * SMALL_BYTES);
    const message = Buffer.alloc(SMALL_BYTES);
    return (count) => {
      for (let i = 0; i < count; i += DATAGRAM_BURST) {
        send(sender, load);
        for (let j = 0; j < DATAGRAM_BURST; j++) recvfrom(receiver, message);
      }
    };
  },

  recvmmsg() {
    const [sender, receiver] = datagramPair();
    const load = Buffer.alloc(DATAGRAM_BURST * SMALL_BYTES);
    const messages = cut(load);
    return (count) => {
      for (let i = 0; i < count; i++) {
        send(sender, load);
        recvmmsg(receiver, messages);
      }
    };
  },

  'recv-datagrams'() {
    const [sender, receiver] = datagramPair();
    const load = Buffer.alloc(DATAGRAM_BURST * SMALL_BYTES);
    const messages = cut(load);
    return (count) => {
      for (let i = 0; i < count; i++) {
        send(sender, load);
        for (const message of messages) recv(receiver, message);
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
