/**
 * `node --expose-gc back-pressure.js MIB`: one sendAll of so much to a reader that takes a part, stops until the sender
 * is stuck, and takes the next part. It says how much memory grew at most, as JSON.
 */
import { say, sayLast } from './peer.js';
import { connectedPair } from './sockets.js';

const MIB = 2 ** 20;
const STEPS = 64;
/** After so many turns of the loop the sender has filled the kernel's buffers, and waits. */
const TURNS = 50;

/** By how many MiB each grew at most. */
export type Growth = Record<'rss' | 'heapUsed' | 'external' | 'arrayBuffers', number>;

/** What has come of it. */
export interface BackPressure {
  sentMiB: number;
  receivedMiB: number;
  growthMiB: Growth;
}

const total = Number(process.argv[2]) * MIB;
const bytes = Buffer.alloc(total, 1); // filled: pages that nobody has written count as grown only when they are read
const [sender, reader] = await connectedPair();
const room = Buffer.alloc(65_536);
globalThis.gc?.();
const before = process.memoryUsage();
const growth: Growth = { rss: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };

function note(): void {
  globalThis.gc?.();
  const now = process.memoryUsage();
  for (const name of Object.keys(growth) as (keyof Growth)[]) {
    growth[name] = Math.max(growth[name], (now[name] - before[name]) / MIB);
  }
}

async function read(length: number): Promise<void> {
  for (let left = length; left > 0;) left -= await reader.recv(room.subarray(0, Math.min(room.length, left)));
}

const sending = sender.sendAll(bytes);
let received = 0;
while (received < total) {
  for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
  note();
  const part = Math.min(total / STEPS, total - received);
  await read(part);
  received += part;
  say({ doneMiB: received / MIB });
}
const sent = await sending;
sender.close();
reader.close();
sayLast({ sentMiB: sent / MIB, receivedMiB: received / MIB, growthMiB: growth });
