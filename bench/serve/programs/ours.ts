/** bsd-sockets/promises, as a user would write it: `node ours.js echo|conversation|one-way|to-client|datagrams [loops]`. */
import { AF_INET, SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { BLOCK, collectOnRequest, tell } from './program.js';

const [work = '', flavour] = process.argv.slice(2);

async function echo(socket: Socket): Promise<void> {
  const buffer = Buffer.allocUnsafe(128); // room for more than a message: what does not fill it was all there is
  for (;;) {
    const length = await socket.recv(buffer);
    if (length === 0) break;
    const sent = await socket.send(length === buffer.length ? buffer : buffer.subarray(0, length));
    if (sent < length) await socket.sendAll(buffer.subarray(sent, length)); // a send may take less than it is given
  }
  socket.close();
}

/** The same with `for await`: while it waits it has no buffer. */
async function echoChunks(socket: Socket): Promise<void> {
  for await (const chunk of socket.chunks()) await socket.sendAll(chunk);
  socket.close();
}

async function converse(socket: Socket): Promise<void> {
  const buffer = Buffer.allocUnsafe(40);
  const length = await socket.recv(buffer);
  const sent = await socket.send(buffer.subarray(0, length));
  if (sent < length) await socket.sendAll(buffer.subarray(sent, length));
  socket.close();
}

async function discard(socket: Socket): Promise<void> {
  const buffer = Buffer.allocUnsafe(65536);
  while ((await socket.recv(buffer)) > 0) continue;
  socket.close();
}

async function sendBlocks(socket: Socket): Promise<void> {
  for (;;) await socket.sendAll(BLOCK);
}

async function echoEachDatagram(socket: Socket): Promise<void> {
  for await (const { data, address } of socket.datagrams({ size: 2048 })) {
    if (address) await socket.sendto(data, address);
  }
}

async function echoDatagrams(socket: Socket): Promise<void> {
  const buffer = Buffer.allocUnsafe(2048);
  for (;;) {
    const { bytesRead, address } = await socket.recvfrom(buffer);
    if (address) await socket.sendto(buffer.subarray(0, bytesRead), address);
  }
}

async function acceptAll(server: Socket, serve: (socket: Socket) => Promise<void>): Promise<void> {
  for (;;) {
    const { socket } = await server.accept();
    serve(socket).catch(() => socket.close()); // the client resets its connections
  }
}

const server = new Socket(AF_INET, work === 'datagrams' ? SOCK_DGRAM : SOCK_STREAM);
if (work !== 'datagrams') server.setsockopt(SOL_SOCKET, SO_REUSEADDR, true);
server.bind({ family: 'IPv4', address: '0.0.0.0', port: 0 });
if (work !== 'datagrams') server.listen(4096);
const address = server.getsockname();
if (address.family === 'IPv4') tell(address.port);
collectOnRequest();
const serve: Record<string, (socket: Socket) => Promise<void>> = {
  echo: flavour === 'loops' ? echoChunks : echo,
  conversation: converse,
  'one-way': discard,
  'to-client': sendBlocks,
};
if (work === 'datagrams') void (flavour === 'loops' ? echoEachDatagram : echoDatagrams)(server);
else void acceptAll(server, serve[work] ?? echo);
