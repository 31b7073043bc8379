/** One port on several cores, each way: `node server.js KIND COUNT`. Every request costs some work, as a real one does. */
import { listenWith } from 'bsd-sockets/node';
import { listen } from 'bsd-sockets/promises';
import { listenGroup } from 'bsd-sockets/restart';
import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const LOOPBACK = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;
const PAGE = Buffer.alloc(524_288, 'page');
const [kind = 'one', count = '2'] = process.argv.slice(2);

function server(): Server {
  return createServer((_request, response) => response.end(createHash('sha1').update(PAGE).digest('hex')));
}

async function threads(descriptors: readonly number[], port: number): Promise<void> {
  const workers = descriptors.map((fd) => new Worker(new URL(import.meta.url), { workerData: fd }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  process.send?.(port);
}

async function begin(): Promise<void> {
  const numbers = Array.from({ length: Number(count) }, (_, index) => index);
  if (kind === 'group') {
    const group = listenGroup(LOOPBACK, numbers.length);
    const fds = numbers.map((number) => group.listener(number).detach());
    await threads(fds, (group.address as { port: number }).port);
  } else if (kind === 'shared') {
    const group = listenGroup(LOOPBACK, 1);
    const fds = numbers.map(() => group.listener(0).detach());
    await threads(fds, (group.address as { port: number }).port);
  } else if (kind === 'cluster') {
    const workers = numbers.map(() => cluster.fork());
    const [address] = (await Promise.all(workers.map((worker) => once(worker, 'listening')))) as [[AddressInfo]];
    process.send?.(address[0].port);
  } else {
    const listener = listen(LOOPBACK);
    const { port } = listener.getsockname() as { port: number };
    await listenWith(server(), listener);
    process.send?.(port);
  }
}

if (!isMainThread) {
  await listenWith(server(), workerData as number);
  parentPort?.postMessage('serves');
} else if (cluster.isWorker) {
  server().listen(0, '127.0.0.1');
} else {
  await begin();
}
process.on('disconnect', () => process.exit());
