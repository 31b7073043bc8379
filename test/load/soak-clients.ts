/**
 * `node --expose-gc soak-clients.js PORT AT_ONCE`: has as many conversations as it is told, so many at once, and then
 * says what it holds. A conversation: connect, send 40 bytes, receive the same, see the end, close.
 */
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { heard, say } from './peer.js';
import { sample } from './sample.js';
import { recvAll, resetOnClose, sourceAddress } from './sockets.js';

const FRAME_BYTES = 40;
const [port = 0, atOnce = 0] = process.argv.slice(2).map(Number);
let begun = 0;
let done = 0;

async function converse(index: number): Promise<void> {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  try {
    socket.bind(sourceAddress(index));
    await socket.connect({ family: 'IPv4', address: '127.0.0.1', port });
    const frame = Buffer.alloc(FRAME_BYTES, `conversation ${String(index)} `);
    const answer = Buffer.alloc(FRAME_BYTES);
    await socket.sendAll(frame);
    await recvAll(socket, answer);
    if (!answer.equals(frame)) throw new Error(`conversation ${String(index)} got another answer`);
    if ((await socket.recv(answer)) !== 0) throw new Error('more came than was sent');
    resetOnClose(socket); // both ends have all: nothing is lost, and the port is free at once
    done++;
  } finally {
    socket.close();
  }
}

async function converseUntil(end: number): Promise<void> {
  while (begun < end) await converse(begun++);
}

for (;;) {
  const { conversations } = await heard<{ conversations: number }>();
  const end = begun + conversations;
  await Promise.all(Array.from({ length: atOnce }, () => converseUntil(end)));
  say({ done, sample: await sample() });
}
