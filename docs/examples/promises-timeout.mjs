// A client that does not wait for ever: an AbortSignal, and what close does to a call that waits.
import { connect, listen } from 'bsd-sockets/promises';

const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
const socket = await connect(server.getsockname(), { signal: AbortSignal.timeout(1000) });
const buffer = Buffer.alloc(40);
try {
  await socket.recv(buffer, { signal: AbortSignal.timeout(50) }); // nobody sends anything
} catch (error) {
  console.log('after 50 ms:', error.name); // the signal's reason; the socket is as it was
}

const waiting = socket.recv(buffer);
socket.close();
await waiting.catch((error) => console.log('closed while it waits:', error.code));
await socket.recv(buffer).catch((error) => console.log('afterwards:', error.code));
server.close();
