/** `npm run test:proxy -- [MEBIBYTES] [ROUNDS]`: our streams beside node:net's pipeline, in turns. */
import { proxied } from './proxy.js';

const [mebibytes = '1024', rounds = '3'] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  for (const kind of ['net', 'duplex', 'web'] as const) {
    const { equal, ms, cpuMs, maxRssKiB } = await proxied(kind, Number(mebibytes) * 2 ** 20);
    if (!equal) process.exitCode = 1;
    const rate = (2 * Number(mebibytes) * 1000) / ms;
    console.log(
      `${kind.padEnd(6)} ${equal ? 'equal' : 'NOT EQUAL'}  ${rate.toFixed(0)} MiB/s  CPU ${cpuMs.toFixed(0)} ms  most memory ${String(maxRssKiB >> 10)} MiB`,
    );
  }
}
