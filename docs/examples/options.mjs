// Options: ints, booleans and structs. setsockopt, getsockopt, and the state of a connection.
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  getsockname,
  getsockopt,
  IPPROTO_TCP,
  linger,
  listen,
  setsockopt,
  SO_LINGER,
  SO_RCVBUF,
  SO_RCVTIMEO,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
  TCP_INFO,
  TCP_NODELAY,
  tcp_info,
  tcpStateName,
  timeval,
} from 'bsd-sockets';

const server = socket(AF_INET, SOCK_STREAM);
setsockopt(server, SOL_SOCKET, SO_REUSEADDR, true);
setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval.encode(1500)); // accept waits for a second and a half at most
setsockopt(server, SOL_SOCKET, SO_LINGER, linger.encode({ onoff: true, linger: 0 }));
bind(server, { family: 'IPv4', address: '127.0.0.1', port: 0 });
listen(server);

const client = socket(AF_INET, SOCK_STREAM);
setsockopt(client, IPPROTO_TCP, TCP_NODELAY, 1);
console.log('receive buffer:', getsockopt(client, SOL_SOCKET, SO_RCVBUF), 'bytes');
connect(client, getsockname(server));
const { fd } = accept(server);
if (process.platform === 'linux') {
  const { state, rtt, snd_mss } = tcp_info.decode(getsockopt(client, IPPROTO_TCP, TCP_INFO, tcp_info.size));
  console.log(`${tcpStateName(state)}, round trip ${rtt} microseconds, segments of ${snd_mss} bytes`);
}
for (const each of [fd, client, server]) close(each);
