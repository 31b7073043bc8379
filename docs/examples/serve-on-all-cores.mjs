// One port, served by a worker thread for each core: each has a listener of its own (SO_REUSEPORT), and a filter shares
// new connections out. Prints the balance.
import { listenWith } from 'bsd-sockets/node';
import { listenGroup } from 'bsd-sockets/restart';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';

if (isMainThread) {
  const count = Math.max(2, availableParallelism());
  const group = listenGroup({ family: 'IPv4', address: '127.0.0.1', port: 0 }, count);
  const workers = Array.from({ length: count }, (_, index) => {
    // A descriptor is the whole process's: its number is enough. From now on it is the worker's.
    return new Worker(import.meta.filename, { workerData: group.listener(index).detach() });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));

  const balance = new Map();
  for (let i = 0; i < 400; i++) {
    const url = `http://127.0.0.1:${group.address.port}/`;
    const worker = await (await fetch(url, { headers: { connection: 'close' } })).text();
    balance.set(worker, (balance.get(worker) ?? 0) + 1);
  }
  console.log('requests by worker:', [...balance.values()].sort().join(', '));

  // One worker goes, and nobody is reset: new connections are steered away, and its queue is empty when it closes.
  await group.withdraw(0, async () => {
    workers[0].postMessage('close');
    await once(workers[0], 'message');
  });
  await Promise.all(workers.map((worker) => worker.terminate()));
  group.close();
} else {
  const server = createServer((request, response) => response.end(String(threadId)));
  await listenWith(server, workerData);
  parentPort.on('message', () => server.close(() => parentPort.postMessage('closed')));
  parentPort.postMessage('serving');
}
