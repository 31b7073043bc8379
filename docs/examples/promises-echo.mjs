// An echo server for many clients at once, and two clients: listen, connect, incoming, chunks, sendAll.
import { SHUT_WR } from 'bsd-sockets';
import { connect, listen } from 'bsd-sockets/promises';

async function echo(socket) {
  try {
    for await (const chunk of socket.chunks()) await socket.sendAll(chunk);
  } finally {
    socket.close();
  }
}

async function serve(server) {
  for await (const { socket, address } of server.incoming()) {
    echo(socket).catch((error) => console.error(`client ${address.address}: ${error.message}`)); // not awaited
  }
}

async function ask(address, text) {
  const socket = await connect(address);
  await socket.sendAll(Buffer.from(text));
  socket.shutdown(SHUT_WR); // no more to send: the server's loop ends
  let answer = '';
  for await (const chunk of socket.chunks()) answer += chunk;
  socket.close();
  return answer;
}

const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { reuseAddress: true });
const serving = serve(server);
console.log(await Promise.all([ask(server.getsockname(), 'hello'), ask(server.getsockname(), 'good evening')]));
server.close(); // ends the loop over incoming()
await serving;
