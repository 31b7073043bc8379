/** node:net: `node node-net.js echo|conversation|one-way|to-client [onread|destroy]`. */
import { createServer, Socket, type AddressInfo, type SocketConstructorOpts } from 'node:net';
import { BLOCK, collectOnRequest, tell } from './program.js';

const [work, flavour] = process.argv.slice(2);

function serve(socket: Socket): void {
  socket.on('error', () => undefined); // the client resets its connections
  if (work === 'echo') socket.on('data', (data) => socket.write(data));
  if (work === 'one-way') socket.resume();
  if (work === 'to-client') sendBlocks.call(socket.on('drain', sendBlocks));
  if (work === 'conversation') socket.on('data', flavour === 'destroy' ? answerAndDestroy : answerAndEnd);
}

function sendBlocks(this: Socket): void {
  while (this.write(BLOCK)) continue;
}

/** As the manual shows it: then `net` waits for the client's end, and only then closes. */
function answerAndEnd(this: Socket, data: Buffer): void {
  this.end(data);
}

/** Closes as soon as the answer has been handed over, as the C program does. */
function answerAndDestroy(this: Socket, data: Buffer): void {
  this.write(data);
  this.destroySoon();
}

/** One-way into one buffer. `net` offers it to clients only, so the accepted handle gets a socket of its own. */
const shared = Buffer.alloc(65536);
function discardOnread(accepted: Socket): void {
  const { _handle: handle } = accepted as unknown as { _handle: object };
  const onread = { buffer: shared, callback: () => true };
  const socket = new Socket({ handle, onread } as SocketConstructorOpts);
  socket.on('error', () => undefined);
  socket.resume();
}

const onread = flavour === 'onread';
const server = createServer({ pauseOnConnect: onread }, onread ? discardOnread : serve);
server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => tell((server.address() as AddressInfo).port));
collectOnRequest();
