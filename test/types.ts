/**
 * Wrong code does not compile: each line under a `@ts-expect-error` is one mistake. The build checks this file;
 * nothing runs it.
 */
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';

export function mistakes(fd: number, buffer: Buffer): void {
  // Addresses: a discriminated union.
  // @ts-expect-error a family that does not exist
  s.bind(fd, { family: 'IPv5', address: '127.0.0.1', port: 0 });
  // @ts-expect-error the port is missing
  s.bind(fd, { family: 'IPv4', address: '127.0.0.1' });
  // @ts-expect-error the port is a number
  s.connect(fd, { family: 'IPv6', address: '::1', port: '80' });
  // @ts-expect-error a unix socket has a path, not an address
  s.connect(fd, { family: 'Unix', address: '/tmp/x' });
  // @ts-expect-error IPv4 has no scope id
  s.bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0, scopeid: 1 });
  // @ts-expect-error a path is not an address
  s.connect(fd, '/tmp/x');
  const name = s.getsockname(fd);
  // @ts-expect-error only IPv4 and IPv6 have a port: ask for the family first
  name.port.toFixed();
  if (name.family === 'IPv4') name.port.toFixed();

  // Bytes, not text; results, not objects.
  // @ts-expect-error a string has no bytes
  s.send(fd, 'hello');
  // @ts-expect-error recv fills a buffer
  s.recv(fd, 40);
  // @ts-expect-error sendto needs an address
  s.sendto(fd, buffer, 0);
  // @ts-expect-error accept returns { fd, address }
  s.close(s.accept(fd));
  // @ts-expect-error the sender may be null
  s.recvfrom(fd, buffer).address.family.length.toFixed();

  // Options that take a struct refuse an int, and are no int.
  // @ts-expect-error struct linger
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, 1);
  // @ts-expect-error struct timeval
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, 1000);
  // @ts-expect-error struct ip_mreq
  s.setsockopt(fd, s.IPPROTO_IP, s.IP_ADD_MEMBERSHIP, true);
  // @ts-expect-error struct tcp_info needs a length
  s.getsockopt(fd, s.IPPROTO_TCP, s.TCP_INFO);
  s.setsockopt(fd, s.IPPROTO_TCP, s.TCP_CONGESTION, 'reno');
  s.getsockopt(fd, s.IPPROTO_TCP, s.TCP_CONGESTION).toUpperCase();
  // @ts-expect-error an option that takes a string takes no int
  s.setsockopt(fd, s.IPPROTO_TCP, s.TCP_CONGESTION, 1);
  // @ts-expect-error text is no value of an int option
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, 'on');
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
  s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, true);
  s.tcp_info.decode(s.getsockopt(fd, s.IPPROTO_TCP, s.TCP_INFO, s.tcp_info.size)).state.toFixed();
  // @ts-expect-error struct linger has an onoff
  s.linger.encode({ linger: 0 });

  // Messages.
  // @ts-expect-error several buffers are an array
  s.recvmsg(fd, buffer);
  // @ts-expect-error a message has buffers
  s.sendmsg(fd, { buffer });
  // @ts-expect-error a control message has data, or the field of its kind
  s.sendmsg(fd, { buffers: [buffer], control: [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS }] });
  // @ts-expect-error descriptors are numbers
  s.sendmsg(fd, { buffers: [], control: [{ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: ['3'] }] });
  // @ts-expect-error poll takes an array
  s.poll({ fd, events: s.POLLIN }, 0);
  // @ts-expect-error a timeout is needed
  s.poll([{ fd, events: s.POLLIN }]);
}

export async function promisedMistakes(socket: Socket, buffer: Buffer): Promise<void> {
  // A Socket is no number, and a promise no result.
  // @ts-expect-error the raw API takes the descriptor
  s.recv(socket, buffer);
  s.recv(socket.fd, buffer);
  // @ts-expect-error the descriptor is read only
  socket.fd = 3;
  // @ts-expect-error recv gives a promise
  socket.recv(buffer).toFixed();
  (await socket.recv(buffer)).toFixed();
  // @ts-expect-error accept gives { socket, address }
  (await socket.accept()).fd.toFixed();
  (await socket.accept()).socket.close();

  // Options are an object.
  // @ts-expect-error flags stand in the options
  await socket.recv(buffer, s.MSG_PEEK);
  await socket.recv(buffer, { flags: s.MSG_PEEK });
  // @ts-expect-error a controller is not its signal
  await socket.send(buffer, { signal: new AbortController() });
  await socket.send(buffer, { signal: new AbortController().signal });
  // @ts-expect-error accept has no flags
  await socket.accept({ flags: 1 });
  // @ts-expect-error the flags of a message stand in the message
  await socket.sendmsg({ buffers: [buffer] }, { flags: 1 });
  // @ts-expect-error sendto needs an address
  await socket.sendto(buffer);
  // @ts-expect-error a size is a number
  socket.chunks({ size: '64' });

  // What cannot wait gives no promise.
  // @ts-expect-error a struct option needs its bytes
  socket.setsockopt(s.SOL_SOCKET, s.SO_LINGER, 1);
  socket.setsockopt(s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: true, linger: 0 }));
  // @ts-expect-error struct tcp_info needs a length
  socket.getsockopt(s.IPPROTO_TCP, s.TCP_INFO);

  // Loops are asynchronous.
  // @ts-expect-error chunks are awaited
  for (const chunk of socket.chunks()) chunk.toString();
  for await (const chunk of socket.chunks()) chunk.toString('latin1');
  for await (const { data, address } of socket.datagrams()) {
    data.toString('latin1');
    // @ts-expect-error the sender may be null
    address.family.length.toFixed();
  }

  // The shorthands.
  // @ts-expect-error a socket has a family, a type and a protocol, not a symbol
  new Socket(Symbol('own'), 1, 3);
  // @ts-expect-error listen does not wait
  listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }).then();
  // @ts-expect-error options have Node's names
  listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { reuseaddr: true });
  // @ts-expect-error connect gives a promise
  connect({ family: 'IPv4', address: '127.0.0.1', port: 1 }).close();
  (await connect({ family: 'IPv4', address: '127.0.0.1', port: 1 })).close();
  // @ts-expect-error a pair is made by the class
  socket.pair(s.AF_UNIX, s.SOCK_STREAM);
  const [first] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
  first.ref().unref().close();
}
