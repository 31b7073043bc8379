import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AF_INET, connect as connectNow, SOCK_STREAM, socket, type SocketAddress } from 'bsd-sockets';
import { connect, Socket } from 'bsd-sockets/promises';
import { encodeFrame } from '../../lib/examples/frame.js';
import type { StepFailed } from '../../lib/examples/perror.js';
import { recvFrame } from '../../lib/examples/promises/frame.js';
import { keepServing, type KeepOptions } from '../../lib/examples/promises/keep-serving.js';
import { openSockets, reset } from '../support/peers.js';
import { closeNow, listener } from '../support/sockets.js';

/** A server in this process. */
interface Serving {
  address: SocketAddress;
  /** Tells it to stop; resolves when it has ended. */
  stop: () => Promise<void>;
  ended: Promise<void>;
  printed: string[];
  failures: string[];
  /** Resolves once so many clients have failed. */
  failed: (count: number) => Promise<void>;
}

function serve(options: Partial<KeepOptions> = {}): Serving {
  const controller = new AbortController();
  const [printed, failures, waiting]: [string[], string[], (() => void)[]] = [[], [], []];
  let address: SocketAddress | undefined;
  const onFailure = (failure: StepFailed): void => {
    failures.push(failure.message);
    for (const look of waiting) look();
  };
  const ended = keepServing({
    host: '127.0.0.1',
    port: 0,
    stop: controller.signal,
    onListening: (at) => (address = at),
    print: (text) => printed.push(text),
    onFailure,
    ...options,
  });
  const stop = (): Promise<void> => {
    controller.abort();
    return ended;
  };
  const failed = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (failures.length >= count) resolve();
      };
      waiting.push(look);
      look();
    });
  return { address: address as unknown as SocketAddress, stop, ended, printed, failures, failed };
}

/** Sends `socket`'s message, reads the answer to the server's close, and closes. */
async function converse(socket: Socket, message: string | Uint8Array): Promise<void> {
  await socket.sendAll(typeof message === 'string' ? encodeFrame(message) : message);
  expect(await recvFrame(socket)).toEqual(encodeFrame('I have received your message.'));
  expect(await socket.recv(Buffer.alloc(1))).toBe(0);
  socket.close();
}

const HALF = 20;
const halfOf = (message: string): Buffer => encodeFrame(message).subarray(0, HALF);
const restOf = (message: string): Buffer => encodeFrame(message).subarray(HALF);

let before: string[] = [];
beforeEach(() => {
  before = openSockets();
});
afterEach(() => expect(openSockets()).toEqual(before)); // nothing is left open, whatever happened

describe('keepServing', () => {
  test('serves one client after another, and ends when it is told to', async () => {
    const server = serve();
    for (const message of ['one', 'two', 'three']) await converse(await connect(server.address), message);
    await server.stop();
    expect(server.printed).toEqual(['one', 'two', 'three'].map((message) => `receive from client:${message}\n`));
    expect(server.failures).toEqual([]);
  });

  test('serves a client while another one is in the middle of its frame', async () => {
    const server = serve();
    const slow = await connect(server.address);
    await slow.sendAll(halfOf('slow'));
    await converse(await connect(server.address), 'fast');
    await converse(slow, restOf('slow'));
    await server.stop();
    expect(server.printed).toEqual(['receive from client:fast\n', 'receive from client:slow\n']);
  });

  test('tells of clients that misbehave, and serves the others', async () => {
    const server = serve();
    reset((await connect(server.address)).detach());
    await server.failed(1);
    const half = await connect(server.address);
    await half.sendAll(halfOf('half'));
    half.close();
    await server.failed(2);
    (await connect(server.address)).close();
    await server.failed(3);
    await converse(await connect(server.address), 'good');
    await server.stop();
    expect(server.failures).toEqual([
      'recv client data failed: Connection reset by peer',
      'recv client data failed: the peer closed the connection after 20 of 40 bytes',
      'recv client data failed: the peer closed the connection after 0 of 40 bytes',
    ]);
    expect(server.printed).toEqual(['receive from client:good\n']);
  });

  test('closes a client that has not sent its frame in time', async () => {
    const server = serve({ patienceMs: 50 });
    const idle = await connect(server.address);
    expect(await idle.recv(Buffer.alloc(1))).toBe(0);
    await server.failed(1);
    await server.stop();
    expect(server.failures).toEqual(['recv client data failed: the peer sent 0 of 40 bytes in 0.05 seconds']);
    idle.close();
  });

  test('on stop closes the idle and lets the others finish', async () => {
    let unfinished = -1;
    const server = serve({ onStopping: (count) => (unfinished = count) });
    const [idle, half] = [await connect(server.address), await connect(server.address)];
    await half.sendAll(halfOf('half'));
    const ended = server.stop();
    expect(await idle.recv(Buffer.alloc(1))).toBe(0);
    await converse(half, restOf('half'));
    await ended;
    expect([unfinished, server.printed]).toEqual([1, ['receive from client:half\n']]);
    const said = 'recv client data failed: the server stops, and the peer has sent 0 of 40 bytes';
    expect(server.failures).toEqual([said]);
    idle.close();
  });

  test('on stop answers also those that the kernel has connected and nobody has accepted', async () => {
    const server = serve();
    // Blocking calls: this thread's event loop, and the server on it, has no chance to accept before the stop.
    const fds = Array.from({ length: 20 }, () => socket(AF_INET, SOCK_STREAM));
    for (const fd of fds) connectNow(fd, server.address);
    const sockets = fds.map((fd) => Socket.fromFd(fd));
    const ended = Promise.all(sockets.map((socket, index) => converse(socket, `number ${String(index)}`)));
    await server.stop();
    await ended;
    expect(server.printed).toHaveLength(20);
    expect(server.failures).toEqual([]);
  });

  test('on stop accepts no more', async () => {
    const server = serve();
    const half = await connect(server.address);
    await half.sendAll(halfOf('half'));
    const ended = server.stop();
    await expect(connect(server.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await converse(half, restOf('half'));
    await ended;
  });

  test('on stop waits for an unfinished frame for a limited time', async () => {
    const server = serve({ graceMs: 50 });
    const half = await connect(server.address);
    await half.sendAll(halfOf('half'));
    await server.stop();
    const said = 'recv client data failed: the server stops, and the peer has sent 20 of 40 bytes';
    expect(server.failures).toEqual([said]);
    half.close();
  });

  test('ends at once when it is cut, whatever is unfinished', async () => {
    const cut = new AbortController();
    const server = serve({ cut: cut.signal, graceMs: 600_000, onStopping: () => cut.abort() });
    const half = await connect(server.address);
    await half.sendAll(halfOf('half'));
    await server.stop();
    expect(server.failures).toHaveLength(1);
    half.close();
  });

  test('listens on nothing where it is stopped already', async () => {
    await keepServing({ stop: AbortSignal.abort(), onListening: () => expect('it').toBe('not listening') });
  });

  test('says as perror does that the port is in use', async () => {
    const { fd, address } = listener();
    const { port } = address as { port: number };
    const failed = keepServing({ host: '127.0.0.1', port, stop: new AbortController().signal });
    await expect(failed).rejects.toThrow('server socket bind failed: Address already in use');
    closeNow(fd);
  });
});
