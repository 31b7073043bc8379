/** `node --expose-gc soak-server.js`: answers 40 bytes with the same 40, closes, and says what it holds when asked. */
import { type Socket } from 'bsd-sockets/promises';
import { heard, say } from './peer.js';
import { sample } from './sample.js';
import { loopbackListener, recvAll } from './sockets.js';

const FRAME_BYTES = 40;
const { server, port } = loopbackListener();
let served = 0;

async function converse(socket: Socket): Promise<void> {
  try {
    const frame = Buffer.alloc(FRAME_BYTES);
    await recvAll(socket, frame);
    await socket.sendAll(frame);
    served++;
  } finally {
    socket.close();
  }
}

async function serve(): Promise<void> {
  for await (const { socket } of server.incoming()) void converse(socket);
}

void serve();
say({ port });
for (;;) {
  await heard(); // a question
  say({ done: served, sample: await sample() });
}
