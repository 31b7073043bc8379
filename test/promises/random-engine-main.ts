/** `npm run test:engine [-- SECONDS [SEED]]`: drives the engine at random, for ten minutes. A failure tells its seed. */
import { drive } from './random-engine.js';

const [seconds, first] = [Number(process.argv[2] ?? 600), Number(process.argv[3] ?? Date.now() % 1_000_000)];
const end = performance.now() + seconds * 1000;
let rounds = 0;
do {
  await drive(first + rounds);
  rounds++;
  if (process.stderr.isTTY) process.stderr.write(`\r${String(rounds)} rounds`);
} while (performance.now() < end);
console.log(`${String(rounds)} rounds from seed ${String(first)} on: no byte lost, doubled or somebody else's`);
