/** A primary of node:cluster with one worker: what becomes of sockets there. */
import * as s from 'bsd-sockets';
import { getsockopt, listenWith } from 'bsd-sockets/node';
import { listen } from 'bsd-sockets/promises';
import cluster from 'node:cluster';
import { once } from 'node:events';
import * as http from 'node:http';

async function primary(): Promise<void> {
  const worker = cluster.fork();
  const [port] = (await once(worker, 'message')) as [number];
  console.log(await (await fetch(`http://127.0.0.1:${String(port)}`)).text());
  worker.kill();
}

async function worker(): Promise<void> {
  const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  const { port } = listener.getsockname() as { port: number };
  await listenWith(
    http.createServer((_request, response) => response.end('from the worker')),
    listener,
  );
  const held = http.createServer().listen(0);
  await once(held, 'listening');
  try {
    getsockopt(held, s.SOL_SOCKET, s.SO_REUSEADDR);
  } catch (error) {
    console.log(/node:cluster's primary has it/.exec((error as Error).message)?.[0]);
  }
  process.send?.(port);
}

await (cluster.isPrimary ? primary() : worker());
