// A connection as a stream: Node's, through gzip by pipeline(); the web's, through DecompressionStream.
import { AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const [left, right] = Socket.pair(AF_UNIX, SOCK_STREAM);
const numbers = Readable.from(Array.from({ length: 10_000 }, (_, i) => `${i}\n`));
const { readable, writable } = right.toWeb();

const [text] = await Promise.all([
  new Response(readable.pipeThrough(new DecompressionStream('gzip'))).text(),
  pipeline(numbers, createGzip(), left.toDuplex()), // the end is a half-close
]);
await writable.close(); // both directions have ended: the socket is closed
console.log(text.length, 'characters, closed:', right.fd === -1);
