// An HTTP server of Node's whose options are as we say, and what the kernel knows about a request's connection.
import { IPPROTO_TCP, SO_REUSEADDR, SOL_SOCKET, TCP_INFO, tcp_info } from 'bsd-sockets';
import { getsockname, getsockopt, setsockopt } from 'bsd-sockets/node';
import { once } from 'node:events';
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const info = getsockopt(request.socket, IPPROTO_TCP, TCP_INFO, tcp_info.size); // undefined outside Linux
  response.end(`round trip: ${tcp_info.decode(info).rtt} µs`);
});
setsockopt(server, SOL_SOCKET, SO_REUSEADDR, false); // Node turns it on: here it is off before bind(2)
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log('SO_REUSEADDR', getsockopt(server, SOL_SOCKET, SO_REUSEADDR));

const { port } = getsockname(server);
console.log(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text());
server.close();
