/** A worker with a poller of its own: it echoes on every connection until it is terminated, and says its port. */
import { parentPort } from 'node:worker_threads';
import type { Socket } from 'bsd-sockets/promises';
import { loopbackListener } from './sockets.js';

const { server, port } = loopbackListener();
parentPort?.postMessage(port);

async function echo(socket: Socket): Promise<void> {
  const buffer = Buffer.alloc(4096);
  for (;;) {
    const length = await socket.recv(buffer);
    if (length === 0) break;
    await socket.sendAll(buffer.subarray(0, length));
  }
  socket.close();
}

for await (const { socket } of server.incoming()) void echo(socket);
