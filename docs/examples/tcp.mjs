// A conversation over TCP: socket, bind, listen, connect, accept, send, recv, shutdown, getsockname, getpeername, close.
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  getpeername,
  getsockname,
  listen,
  recv,
  send,
  SHUT_WR,
  shutdown,
  SOCK_STREAM,
  socket,
} from 'bsd-sockets';

const server = socket(AF_INET, SOCK_STREAM);
bind(server, { family: 'IPv4', address: '127.0.0.1', port: 0 });
listen(server, 5);

const client = socket(AF_INET, SOCK_STREAM);
connect(client, getsockname(server)); // the kernel completes it: accept can come later
console.log('connected to', getpeername(client));

const { fd, address } = accept(server);
console.log('accepted from', address);
send(client, Buffer.from('hello'));
shutdown(client, SHUT_WR); // no more to send: the peer reads to the end

const buffer = Buffer.alloc(16);
for (let length; (length = recv(fd, buffer)) > 0;) console.log('received', buffer.toString('utf8', 0, length));
for (const each of [fd, client, server]) close(each);
