// The examples with promises, in this process, beside the C programs and the blocking ones in processes of their own.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bind, getsockname, type SocketAddress } from 'bsd-sockets';
import { connect, listen, type Socket } from 'bsd-sockets/promises';
import { BUFFER_SIZE, encodeFrame } from '../../lib/examples/frame.js';
import { StepFailed } from '../../lib/examples/perror.js';
import { client, type ClientOptions } from '../../lib/examples/promises/client.js';
import { recvFrame } from '../../lib/examples/promises/frame.js';
import { server, type ServerOptions } from '../../lib/examples/promises/server.js';
import { openSockets, reset } from '../support/peers.js';
import { command, compile, listeningPort, run, type Program } from '../support/programs.js';
import { runScript } from '../support/scripts.js';
import { closeNow, listener, LOOPBACK, tcp } from '../support/sockets.js';

interface Serving {
  port: Promise<number>;
  /** What it has printed at its end. */
  printed: () => Promise<string>;
}

/** Runs our server in this process. */
function serve(options: ServerOptions = {}): Serving & { address: Promise<SocketAddress>; message: Promise<string> } {
  let printed = '';
  let tell: (address: SocketAddress) => void = () => undefined;
  const address = new Promise<SocketAddress>((resolve) => (tell = resolve));
  const print = (text: string): void => void (printed += text);
  const message = server({ host: '127.0.0.1', port: 0, onListening: tell, print, ...options });
  const port = address.then((it) => (it as { port: number }).port);
  return { address, port, message, printed: () => message.then(() => printed) };
}

/** Runs our client in this process; what it printed. */
async function ask(port: number, options: ClientOptions): Promise<string> {
  let printed = '';
  await client({ port, print: (text) => (printed += text), ...options });
  return printed;
}

/** What a program that ended well has printed. */
async function printedBy(program: Program): Promise<string> {
  const { code, stdout } = await program.ended;
  expect(code).toBe(0);
  return stdout;
}

const serving = (program: Program): Serving => ({ port: listeningPort(program), printed: () => printedBy(program) });
const servers: Record<string, () => Serving> = {
  C: () => serving(run(compile('server'), ['0'])),
  blocking: () => serving(command('server', '--port', '0')),
  promise: () => serve(),
};
const clients: Record<string, (port: number, word: string) => Promise<string>> = {
  C: (port, word) => printedBy(asked(run(compile('client'), [String(port)]), word)),
  blocking: (port, word) => printedBy(asked(command('client', '--port', String(port)), word)),
  promise: (port, word) => ask(port, { scan: () => Promise.resolve(word) }),
};
const pairs = Object.keys(servers)
  .flatMap((served) => Object.keys(clients).map((asking) => [served, asking] as const))
  .filter((pair) => pair.includes('promise'));

function asked(program: Program, word: string): Program {
  program.input(`${word}\n`);
  return program;
}

beforeAll(() => {
  compile('server');
  compile('client');
});

let before: ReadonlySet<string> = new Set();
beforeEach(() => {
  before = new Set(openSockets()); // one of them may be Node's own to a program of the test before, not yet closed
});
afterEach(() => {
  expect(openSockets().filter((one) => !before.has(one))).toEqual([]); // nothing is left open, whatever happened
});

test.each(pairs)('a %s server and a %s client have the conversation', async (served, asking) => {
  const { port, printed } = (servers[served] as () => Serving)();
  const ask = clients[asking] as (port: number, word: string) => Promise<string>;
  expect(await ask(await port, 'hello')).toBe(
    'Please input the message:receive data from server: I have received your message.\n',
  );
  expect(await printed()).toBe('receive from client:hello\n');
});

/** Connects to our server, does something as its client, and closes when the server has ended. */
async function beside(options: ServerOptions, peer: (socket: Socket) => unknown): Promise<unknown> {
  const { address, message } = serve(options);
  const ended = message.catch((error: unknown) => error);
  const socket = await connect(await address);
  try {
    await peer(socket);
    return await ended;
  } finally {
    socket.close();
  }
}

describe('server', () => {
  test('answers a frame padded with zeros, and closes', async () => {
    await beside({}, async (socket) => {
      await socket.send(encodeFrame('hello'));
      expect(await recvFrame(socket)).toEqual(encodeFrame('I have received your message.'));
      expect(await socket.recv(Buffer.alloc(1))).toBe(0);
    });
  });

  test('reads a message whole that arrives byte by byte', async () => {
    const message = await beside({}, async (socket) => {
      for (const byte of encodeFrame('piece by piece')) await socket.send(Buffer.of(byte));
    });
    expect(message).toBe('piece by piece');
  });

  test('returns the message as it came and prints it harmless', async () => {
    let printed = '';
    const print = (text: string): void => void (printed += text);
    expect(await beside({ print }, (socket) => socket.send(encodeFrame('\x1bc')))).toBe('\x1bc');
    expect(printed).toBe('receive from client:\\x1bc\n');
  });

  test('listens on IPv6 too', async () => {
    expect(await beside({ host: '::1' }, (socket) => socket.send(encodeFrame('six')))).toBe('six');
  });

  test('says as perror does that the port is in use', async () => {
    const { fd, address } = listener();
    const { port } = address as { port: number };
    const failed = server({ host: '127.0.0.1', port, reuse: true });
    await expect(failed).rejects.toThrow(StepFailed);
    await expect(failed).rejects.toThrow('server socket bind failed: Address already in use');
    closeNow(fd);
  });

  test('says as perror does that the client reset', async () => {
    expect(await beside({}, (socket) => reset(socket.detach()))).toMatchObject({
      code: 'ECONNRESET',
      message: 'recv client data failed: Connection reset by peer',
    });
  });

  test('says that the client closed too early', async () => {
    const closing = async (socket: Socket): Promise<void> => {
      await socket.send(Buffer.alloc(10, 'x'));
      socket.close();
    };
    expect(await beside({}, closing)).toMatchObject({
      code: 'EOF',
      message: 'recv client data failed: the peer closed the connection after 10 of 40 bytes',
    });
  });

  test('ends with the reason of its signal: while nobody connects, and in the midst of a frame', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const waiting = serve({ signal: controller.signal });
    await waiting.port;
    controller.abort(reason);
    await expect(waiting.message).rejects.toBe(reason);

    const later = new AbortController();
    const ended = await beside({ signal: later.signal }, async (socket) => {
      await socket.send(Buffer.alloc(10, 'x'));
      later.abort(reason);
    });
    expect(ended).toBe(reason);
  });

  test('closes its socket where a hook throws', async () => {
    const onListening = (): void => {
      throw new Error('mine');
    };
    await expect(server({ host: '127.0.0.1', port: 0, onListening })).rejects.toThrow('mine');
  });
});

/** Runs our client against `peer`, which gets the accepted socket. */
async function against(
  peer: (socket: Socket) => unknown,
  options: ClientOptions = { message: 'hello' },
): Promise<unknown> {
  const at = listen(LOOPBACK);
  const { port } = at.getsockname() as { port: number };
  const answer = client({ port, print: () => undefined, ...options }).catch((error: unknown) => error);
  const { socket } = await at.accept();
  at.close();
  try {
    await peer(socket);
    return await answer;
  } finally {
    socket.close();
  }
}

describe('client', () => {
  test('sends a frame padded with zeros, and returns the answer', async () => {
    const answer = await against(async (socket) => {
      expect(await recvFrame(socket)).toEqual(encodeFrame('hello'));
      await socket.send(encodeFrame('fine'));
    });
    expect(answer).toBe('fine');
  });

  test('refuses a message of 40 bytes before it makes a socket: EMSGSIZE', async () => {
    await expect(client({ message: 'x'.repeat(40) })).rejects.toMatchObject({ code: 'EMSGSIZE' });
  });

  test('refuses a word of 40 bytes, of which it sends nothing: EMSGSIZE', async () => {
    let received = -1;
    const ended = await against(
      async (socket) => {
        received = await socket.recv(Buffer.alloc(BUFFER_SIZE));
      },
      { scan: () => Promise.resolve('x'.repeat(40)) },
    );
    expect(received).toBe(0);
    expect(ended).toMatchObject({ message: 'input failed: the message is longer than 39 bytes' });
  });

  test('says as perror does that nobody listens', async () => {
    const fd = tcp();
    bind(fd, LOOPBACK);
    const { port } = getsockname(fd) as { port: number };
    await expect(client({ port, message: 'hello' })).rejects.toThrow('connect failed: Connection refused');
    closeNow(fd);
  });

  test('says as perror does that the server reset', async () => {
    const ended = await against(async (socket) => {
      await recvFrame(socket);
      reset(socket.detach());
    });
    expect(ended).toMatchObject({ message: 'recv server data failed: Connection reset by peer' });
  });

  test('says that the server closed too early', async () => {
    const ended = await against(async (socket) => {
      await recvFrame(socket);
      await socket.send(Buffer.alloc(10, 'x'));
      socket.close();
    });
    const said = 'recv server data failed: the peer closed the connection after 10 of 40 bytes';
    expect(ended).toMatchObject({ code: 'EOF', message: said });
  });

  test('reads its word from standard input', async () => {
    const { port, printed } = serve();
    const script = `
      import { client } from './dist/lib/examples/promises/client.js';
      await client({ port: ${String(await port)} });`;
    const program = asked(runScript(script), '  two words');
    expect(await printedBy(program)).toContain('receive data from server: I have received your message.\n');
    expect(await printed()).toBe('receive from client:two\n');
  });

  test('ends with the reason of its signal while it waits for the answer', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = await against(() => controller.abort(reason), { message: 'hello', signal: controller.signal });
    expect(ended).toBe(reason);
  });
});
