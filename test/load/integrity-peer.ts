/**
 * `integrity-peer serve ADDRESS CONNECTIONS BYTES SEED` and `integrity-peer connect ADDRESS:PORT …`: both send BYTES on
 * each connection, in random pieces by several calls, then their SHA-256, and compare what they got with the other's.
 */
import { createHash, type Hash } from 'node:crypto';
import { SHUT_WR } from 'bsd-sockets';
import { connect, listen, type Socket } from 'bsd-sockets/promises';
import { Random } from '../hostile/random.js';
import { say, sayLast } from './peer.js';
import { codeOf } from './sockets.js';

/** What has come of it. */
export interface IntegrityReport {
  /** Connections on which what came is what the other says that it sent. */
  equal: number;
  /** The others, and why. */
  wrong: string[];
  sentBytes: number;
  receivedBytes: number;
}

const SHA256_BYTES = 32;
/** The logarithm of the largest piece, in bytes: small ones are as likely as large ones. */
const LARGEST = 18;
const BLOCK = 2 ** 20;

const [role, host = '', ...numbers] = process.argv.slice(2);
const [connections = 0, bytesEach = 0, seed = 0] = numbers.map(Number);
const block = Buffer.alloc(2 * BLOCK); // a piece begins anywhere in the first half
const blockNumbers = new Random(seed);
for (let i = 0; i < block.length; i += 4) block.writeUInt32LE(blockNumbers.below(2 ** 32), i);
const report: IntegrityReport = { equal: 0, wrong: [], sentBytes: 0, receivedBytes: 0 };

const sizeOf = (random: Random): number => 1 + random.below(2 ** random.below(LARGEST + 1));

async function sendPiece(socket: Socket, piece: Buffer, random: Random): Promise<void> {
  if (random.chance(50)) {
    await socket.sendAll(piece);
    return;
  }
  for (let sent = 0; sent < piece.length;) {
    const [rest, cut] = [piece.subarray(sent), random.below(piece.length)];
    sent += random.chance(50)
      ? await socket.send(rest)
      : await socket.sendmsg({ buffers: [rest.subarray(0, cut), rest.subarray(cut)] });
  }
}

async function transmit(socket: Socket, random: Random): Promise<void> {
  const hash = createHash('sha256');
  for (let left = bytesEach; left > 0;) {
    const start = random.below(BLOCK);
    const piece = block.subarray(start, start + Math.min(sizeOf(random), left));
    hash.update(piece);
    await sendPiece(socket, piece, random);
    left -= piece.length;
    report.sentBytes += piece.length;
  }
  await socket.sendAll(hash.digest());
  socket.shutdown(SHUT_WR);
}

/** Receives until the end, each time by another call. */
async function* pieces(socket: Socket, random: Random): AsyncGenerator<Buffer> {
  const room = Buffer.alloc(2 ** LARGEST);
  for (;;) {
    const size = sizeOf(random);
    if (random.chance(10)) {
      const { done, value } = await socket.chunks({ size }).next();
      if (done === true) return;
      yield value;
      continue;
    }
    const buffer = room.subarray(0, size);
    const half = size >> 1;
    const length = random.chance(50)
      ? await socket.recv(buffer)
      : (await socket.recvmsg([buffer.subarray(0, half), buffer.subarray(half)])).bytesRead;
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}

/** Hashes what comes; the last bytes are the other's hash. */
async function collect(socket: Socket, random: Random): Promise<void> {
  const hash: Hash = createHash('sha256');
  const told = Buffer.alloc(SHA256_BYTES);
  let received = 0;
  for await (const piece of pieces(socket, random)) {
    const data = piece.subarray(0, Math.max(bytesEach - received, 0));
    hash.update(data);
    report.receivedBytes += data.length;
    piece.subarray(data.length).copy(told, Math.max(received - bytesEach, 0));
    received += piece.length;
  }
  if (received !== bytesEach + SHA256_BYTES) throw new Error(`${String(received)} bytes came`);
  if (!hash.digest().equals(told)) throw new Error('the SHA-256 differ');
}

async function exchange(socket: Socket, index: number): Promise<void> {
  const random = new Random(seed + (role === 'serve' ? 1 : 2) * 1_000_000 + index);
  try {
    await Promise.all([transmit(socket, random), collect(socket, random)]);
    report.equal++;
  } catch (error) {
    report.wrong.push(error instanceof Error ? error.message : codeOf(error));
  } finally {
    socket.close();
  }
}

/** All connections, before the first byte goes. */
async function connected(): Promise<Socket[]> {
  const [, address = '', port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const all = Array.from({ length: connections });
  if (role === 'connect') {
    return Promise.all(all.map(() => connect({ family: 'IPv4', address, port: Number(port) })));
  }
  using server = listen({ family: 'IPv4', address, port: 0 });
  say(server.getsockname());
  return (await Promise.all(all.map(() => server.accept()))).map(({ socket }) => socket);
}

await Promise.all((await connected()).map(exchange));
sayLast(report);
