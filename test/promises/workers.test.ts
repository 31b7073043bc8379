/** Many threads, each with a poller of its own. In a process of its own, whose descriptors can be counted. */
import { describe, expect, test } from '@jest/globals';
import { PACKAGE_ROOT, runScript, type Ended } from '../support/scripts.js';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const isLinux = process.platform === 'linux';
const only = isLinux ? '' : ' (skipped: it counts descriptors in /proc)';
const onLinux = isLinux ? test : test.skip;

const moduleOf = (name: string): string => pathToFileURL(join(PACKAGE_ROOT, 'dist', 'api', name)).href;
const IMPORTS = `
  import * as s from '${moduleOf('index.js')}';
  import { connect, listen, Socket } from '${moduleOf('promises.js')}';
  const pair = () => Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
`;

/** A script that starts workers with `worker(data)`, each of which runs `workerCode`. */
function withWorkers(workerCode: string, code: string): Promise<Ended> {
  const inWorker = `import { parentPort, workerData } from 'node:worker_threads'; ${IMPORTS} ${workerCode}`;
  return runScript(`
    import { once } from 'node:events';
    import { readdirSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    ${IMPORTS}
    const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(inWorker)}));
    const worker = (workerData) => new Worker(url, { workerData });
    const open = () => readdirSync('/proc/self/fd').length;
    ${code}`).ended;
}

const quiet = (stdout: string): Ended => ({ code: 0, signal: null, stdout, stderr: '' });

describe('a worker', () => {
  const WAITS = `
    const sockets = [...Array.from({ length: 150 }, pair).flat(), listen({ family: 'IPv4', address: '127.0.0.1', port: 0 })];
    for (const socket of sockets.slice(0, -1)) void socket.recv(Buffer.alloc(9));
    void sockets.at(-1).accept();
    setImmediate(() => parentPort.postMessage(sockets.length));`;

  onLinux(`that is terminated with 301 sockets open closes them all${only}`, async () => {
    const said = await withWorkers(
      WAITS,
      `const first = worker();
       await once(first, 'message');
       await first.terminate();
       const before = open();
       const second = worker();
       const [made] = await once(second, 'message');
       const during = open();
       await second.terminate();
       console.log(made, during - before > made, open() - before);`,
    );
    expect(said).toEqual(quiet('301 true 0\n'));
  });

  onLinux(`that ends by itself, by process.exit or by an error closes them all${only}`, async () => {
    const said = await withWorkers(
      `${WAITS}
       if (workerData === 'exit') setImmediate(() => process.exit(0));
       if (workerData === 'error') setImmediate(() => { throw new Error('mine') });
       if (workerData === 'end') for (const socket of sockets) socket.unref();`,
      `const round = async () => {
         for (const how of ['exit', 'error', 'end']) {
           const ending = worker(how).on('error', () => undefined);
           await new Promise((resolve) => ending.on('exit', resolve));
         }
       };
       await round();
       const before = open();
       await round();
       console.log(open() - before);`,
    );
    expect(said).toEqual(quiet('0\n'));
  });

  test('that is terminated does not end what waits in other threads', async () => {
    const said = await withWorkers(
      WAITS,
      `const [socket, peer] = pair();
       const waiting = socket.recv(Buffer.alloc(9));
       const others = Array.from({ length: 4 }, () => worker());
       await Promise.all(others.map((other) => once(other, 'message')));
       await Promise.all(others.map((other) => other.terminate()));
       await peer.send(Buffer.from('x'));
       console.log(await waiting);`,
    );
    expect(said).toEqual(quiet('1\n'));
  });

  test('that is terminated in the midst of its work, at any time, aborts nothing', async () => {
    const said = await withWorkers(
      `const [socket, peer] = pair();
       parentPort.postMessage('works');
       const work = async (from, to) => {
         const buffer = Buffer.alloc(64);
         for (;;) { await from.send(buffer); await to.recv(buffer) }
       };
       void work(socket, peer);
       void work(peer, socket);`,
      `let next = 0;
       const lane = async () => {
         while (next++ < 12) {
           const working = worker();
           if (next % 4 > 0) await once(working, 'message');
           for (let i = 0; i < next % 5; i++) await new Promise(setImmediate);
           await working.terminate();
         }
       };
       await Promise.all([lane(), lane()]);
       console.log('end');`,
    );
    expect(said).toEqual(quiet('end\n'));
  });
});

describe('many workers', () => {
  test('serve one listener through copies of its descriptor, each connection once', async () => {
    const said = await withWorkers(
      `const listener = Socket.fromFd(s.fcntl(workerData, s.F_DUPFD_CLOEXEC));
       parentPort.once('message', () => listener.close());
       parentPort.postMessage('listens');
       for await (const { socket } of listener.incoming()) {
         void (async () => {
           for await (const chunk of socket.chunks()) await socket.sendAll(chunk);
           socket.close();
         })();
       }`,
      `const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
       const workers = Array.from({ length: 4 }, () => worker(listener.fd));
       await Promise.all(workers.map((each) => once(each, 'message')));
       const address = listener.getsockname();
       const talk = async (index) => {
         const socket = await connect(address);
         const words = Buffer.from('client ' + index);
         await socket.sendAll(words);
         const answer = Buffer.alloc(99);
         const length = await socket.recv(answer);
         socket.close();
         return answer.toString('latin1', 0, length) === String(words);
       };
       let right = 0;
       for (let round = 0; round < 10; round++) {
         const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => talk(index)));
         right += answers.filter(Boolean).length;
       }
       for (const each of workers) each.postMessage('end');
       await Promise.all(workers.map((each) => once(each, 'exit')));
       listener.close();
       console.log(right);`,
    );
    expect(said).toEqual(quiet('200\n'));
  });

  test('take a socket over from another thread', async () => {
    const said = await withWorkers(
      `const socket = Socket.fromFd(workerData);
       const buffer = Buffer.alloc(9);
       const length = await socket.recv(buffer);
       await socket.sendAll(Buffer.from(buffer.toString('latin1', 0, length).toUpperCase()));
       socket.close();`,
      `const [socket, peer] = pair();
       const taking = worker(peer.detach());
       await socket.sendAll(Buffer.from('hello'));
       const buffer = Buffer.alloc(9);
       console.log(buffer.toString('latin1', 0, await socket.recv(buffer)), await socket.recv(buffer));
       await once(taking, 'exit');
       socket.close();`,
    );
    expect(said).toEqual(quiet('HELLO 0\n'));
  });
});
