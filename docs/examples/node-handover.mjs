// A listener of ours becomes an HTTP server's; a connection of Node's becomes ours, and a stream.
import { fromNodeSocket, listenWith, unshift } from 'bsd-sockets/node';
import { listen } from 'bsd-sockets/promises';
import { request, createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';

const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }, { reuseAddress: true });
const { port } = listener.getsockname();
const server = createServer();
server.on('upgrade', async (_request, netSocket, head) => {
  netSocket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
  const socket = await fromNodeSocket(netSocket); // what was written has left
  unshift(socket, head); // what came right behind the request is received first
  const stream = socket.toDuplex();
  await pipeline(stream, stream);
});
await listenWith(server, listener); // from now on the server closes the descriptor
console.log('ours is closed:', listener.fd === -1);

request({ port, host: '127.0.0.1', headers: { Connection: 'Upgrade', Upgrade: 'echo' } })
  .on('upgrade', async (_response, netSocket) => {
    const socket = await fromNodeSocket(netSocket);
    await socket.sendAll(Buffer.from('hello'));
    const buffer = Buffer.alloc(40);
    console.log('echo:', buffer.toString('utf8', 0, await socket.recv(buffer)));
    socket.close();
    server.close();
  })
  .end();
