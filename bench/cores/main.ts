/** `npm run bench:cores`: requests per second of one port on one core, and on two, each way; in turns. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { count } from '../arguments.js';

const KINDS = {
  one: 'one thread',
  group: 'worker threads, listenGroup',
  shared: 'worker threads, one listener',
  cluster: 'node:cluster',
};
const CONNECTIONS = 32;
const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const WARM_UP_MS = 100;

const { rounds, ms } = new Command('npm run bench:cores --')
  .description('Requests per second of one port, on one core and on two.')
  .option('--rounds <n>', 'how often everybody is asked, in turns', count, 7)
  .option('--ms <n>', 'how long each time, in milliseconds', count, 400)
  .parse()
  .opts<{ rounds: number; ms: number }>();

/** Asks on connections that are kept alive: requests for each second. */
async function ask(port: number): Promise<number> {
  let answers = 0;
  const sockets = Array.from({ length: CONNECTIONS }, () => {
    const socket = net.connect(port, '127.0.0.1').setNoDelay();
    let text = '';
    socket.on('connect', () => socket.write(REQUEST));
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      if (!/\r\n\r\n[^]{40}/.test(text)) return; // the answer is a SHA-1 in hex
      text = '';
      answers += 1;
      socket.write(REQUEST);
    });
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  const [before, started] = [answers, performance.now()];
  await new Promise((resolve) => setTimeout(resolve, ms));
  const rate = ((answers - before) * 1000) / (performance.now() - started);
  for (const socket of sockets) socket.destroy();
  return rate;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

const servers: { name: string; port: number; child: ChildProcess; rates: number[] }[] = [];
for (const [kind, name] of Object.entries(KINDS)) {
  const child = fork(join(import.meta.dirname, 'server.js'), [kind, '2']);
  const [port] = (await once(child, 'message')) as [number];
  servers.push({ name, port, child, rates: [] });
}
for (const { port } of servers) await ask(port); // V8 compiles what is hot
for (let round = 0; round < rounds; round++) {
  for (const server of servers) server.rates.push(await ask(server.port));
}
console.log(`requests for each second, ${String(availableParallelism())} cores, on which the clients run too`);
const first = median(servers[0]?.rates ?? []);
for (const { name, rates, child } of servers) {
  const [lowest, middle, highest] = [Math.min(...rates), median(rates), Math.max(...rates)];
  const range = `${lowest.toFixed(0)} to ${highest.toFixed(0)}`;
  console.log(`${name.padEnd(28)} ${middle.toFixed(0).padStart(6)}  ${(middle / first).toFixed(2)}  (${range})`);
  child.disconnect();
}
