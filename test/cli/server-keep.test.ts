import { beforeAll, describe, expect, test } from '@jest/globals';
import { connect, recv, send, SHUT_WR, shutdown } from 'bsd-sockets';
import { BUFFER_SIZE, decodeFrame, encodeFrame, recvFrame } from '../../lib/examples/frame.js';
import { freePorts } from '../reuse/leftovers.js';
import { reset } from '../support/peers.js';
import { answerOf, command, compile, listeningPort, MAIN, run, type Program } from '../support/programs.js';
import { closeNow, listener, LOOPBACK, tcp, thrownBy } from '../support/sockets.js';

const CLIENTS = 50;
const HALF = 20;
const ANSWER = 'I have received your message.';

/** Starts the server on a free port. */
async function keep(...flags: string[]): Promise<{ server: Program; port: number }> {
  const server = command('server', '--keep', '--port', '0', ...flags);
  return { server, port: await listeningPort(server) };
}

function connected(port: number): number {
  const fd = tcp();
  connect(fd, { ...LOOPBACK, port });
  return fd;
}

/** A client that is in the middle of its frame. */
function half(port: number, message: string): number {
  const fd = connected(port);
  send(fd, encodeFrame(message).subarray(0, HALF));
  return fd;
}

const finish = (fd: number, message: string): number => send(fd, encodeFrame(message).subarray(HALF));

/** Reads the answer, whole, and the server's close. */
function expectAnswer(fd: number): void {
  expect(decodeFrame(recvFrame(fd))).toBe(ANSWER);
  expect(recv(fd, Buffer.alloc(1))).toBe(0);
  closeNow(fd);
}

function converse(port: number, message: string): void {
  const fd = connected(port);
  send(fd, encodeFrame(message));
  expectAnswer(fd);
}

const linesOf = (text: string): string[] => text.trimEnd().split('\n').sort();
const messages = Array.from({ length: CLIENTS }, (_, index) => `message ${String(index)} of many`);
const printedOf = messages.map((message) => `receive from client:${message}`).sort();

beforeAll(() => {
  compile('client');
});

describe('bsd-sockets server --keep', () => {
  test('serves one client after another, C programs and ours, until Ctrl-C: status 0', async () => {
    const { server, port } = await keep('--host', '127.0.0.1');
    const asked = { code: 0, stdout: `receive data from server: ${ANSWER}\n`, stderr: '' };
    expect(await run(compile('client'), [String(port), 'from C']).ended).toMatchObject(asked);
    expect(await command('client', '--port', String(port), 'from TypeScript').ended).toMatchObject(asked);
    server.child.kill('SIGINT');
    expect(await server.ended).toEqual({
      code: 0,
      signal: null,
      stdout: 'receive from client:from C\nreceive from client:from TypeScript\n',
      stderr: `listening on 127.0.0.1:${String(port)}\n`,
    });
  });

  test(`serves ${String(CLIENTS)} C clients that run at once, each on a line of its own`, async () => {
    const { server, port } = await keep();
    const clients = messages.map((message) => run(compile('client'), [String(port), message]));
    for (const { ended } of clients) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    server.child.kill('SIGINT');
    const { code, stdout } = await server.ended;
    expect([code, linesOf(stdout)]).toEqual([0, printedOf]);
  });

  test(`answers ${String(CLIENTS)} clients whose frames come in halves, the last one first`, async () => {
    const { server, port } = await keep();
    const fds = messages.map((message) => half(port, message));
    for (const [index, message] of [...messages.entries()].reverse()) {
      finish(fds[index] as number, message);
      expectAnswer(fds[index] as number);
    }
    server.child.kill('SIGINT');
    const { code, stdout } = await server.ended;
    expect([code, stdout.trimEnd().split('\n')]).toEqual([
      0,
      messages.map((message) => `receive from client:${message}`).reverse(),
    ]);
  });

  test('writes a line for each client that misbehaves, with its address, and serves the others', async () => {
    const { server, port } = await keep();
    reset(connected(port));
    await server.says(/^client 127\.0\.0\.1:\d+: recv client data failed: Connection reset by peer$/m);
    const early = half(port, 'early');
    shutdown(early, SHUT_WR);
    await server.says(/^client \S+: recv client data failed: the peer closed the connection after 20 of 40 bytes$/m);
    converse(port, 'good');
    server.child.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0, stdout: 'receive from client:good\n' });
  });

  test('keeps control characters from the terminal', async () => {
    const { server, port } = await keep();
    converse(port, '\x1b]0;title\x07');
    server.child.kill('SIGINT');
    expect((await server.ended).stdout).toBe('receive from client:\\x1b]0;title\\x07\n');
  });

  test('listens on an IPv6 address', async () => {
    const server = command('server', '--keep', '--host', '::1', '--port', '0');
    const [, port = ''] = await server.says(/^listening on \[::1\]:(\d+)\n/);
    expect((await command('client', '--host', '::1', '--port', port, 'six').ended).code).toBe(0);
    server.child.kill('SIGINT');
    expect((await server.ended).stdout).toBe('receive from client:six\n');
  });

  test('says when descriptors run out, and serves those who wait as soon as there are some again', async () => {
    const script = `ulimit -n 60; exec "${process.execPath}" "${MAIN}" server --keep --port 0`;
    const server = run('sh', ['-c', script]);
    const port = await listeningPort(server);
    const fds = messages.map((message) => half(port, message));
    await server.says(/^accept client socket failed: Too many open files$/m);
    fds.forEach((fd, index) => finish(fd, messages[index] as string));
    for (const fd of fds) expectAnswer(fd);
    server.child.kill('SIGINT');
    const { code, stdout } = await server.ended;
    expect([code, linesOf(stdout)]).toEqual([0, printedOf]);
  });

  test('answers its clients also when nobody reads its output: status 1', async () => {
    const { server, port } = await keep();
    server.child.stdout?.destroy();
    for (const message of ['one', 'two', 'three']) converse(port, message);
    server.child.kill('SIGINT');
    const { code, stderr } = await server.ended;
    expect([code, stderr.split('\n').slice(1)]).toEqual([1, ['output failed: Broken pipe', '']]);
  });

  test('restarts on its port at once with --reuse on both runs', async () => {
    const first = await keep('--reuse');
    converse(first.port, 'hello');
    first.server.child.kill('SIGINT');
    expect((await first.server.ended).code).toBe(0);
    const again = command('server', '--keep', '--port', String(first.port), '--reuse');
    expect(await listeningPort(again)).toBe(first.port);
  });

  test('is refused a port that is being listened on: status 1', async () => {
    const port = String((listener().address as { port: number }).port);
    expect(await command('server', '--keep', '--host', '127.0.0.1', '--port', port).ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^server socket bind failed: Address already in use\nwho has it: \S.* why \d+ --host [\d.]+\n$/,
      ),
    });
  });

  test('is explained by --help', async () => {
    const { code, stdout } = await answerOf('server', '--help');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/--keep .*until Ctrl-C/)]);
  });
});

describe('Ctrl-C on bsd-sockets server --keep', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'with no client: %s ends it, status 0, and nobody listens',
    async (signal) => {
      const port = freePorts();
      const server = command('server', '--keep', '--port', String(port));
      await listeningPort(server);
      server.child.kill(signal);
      expect(await server.ended).toMatchObject({ code: 0, signal: null, stdout: '' });
      expect(thrownBy(() => connected(port)).code).toBe('ECONNREFUSED');
    },
  );

  test('with idle clients: they are closed, each is a line, status 0', async () => {
    const { server, port } = await keep();
    const fds = [connected(port), connected(port), connected(port)];
    server.child.kill('SIGINT');
    for (const fd of fds) expect(recv(fd, Buffer.alloc(1))).toBe(0);
    const { code, stderr } = await server.ended;
    const said = 'recv client data failed: the server stops, and the peer has sent 0 of 40 bytes';
    const lines = stderr.trimEnd().split('\n').slice(1);
    expect([code, lines.map((line) => line.replace(/^client 127\.0\.0\.1:\d+: /, ''))]).toEqual([
      0,
      [said, said, said],
    ]);
  });

  test('with clients in the middle of a frame: they finish and are answered, nobody else can connect, status 0', async () => {
    const { server, port } = await keep();
    const [one, two] = [half(port, 'the first of them waits'), half(port, 'the second of them waits')];
    server.child.kill('SIGINT');
    await server.says(/^stopping: 2 clients in the middle of a message, 3 seconds at most; .*$/m);
    expect(thrownBy(() => connected(port)).code).toBe('ECONNREFUSED');
    finish(two, 'the second of them waits');
    expectAnswer(two);
    finish(one, 'the first of them waits');
    expectAnswer(one);
    expect(await server.ended).toMatchObject({
      code: 0,
      stdout: 'receive from client:the second of them waits\nreceive from client:the first of them waits\n',
    });
  });

  test('with a client that never finishes its frame: it is waited for, but not for ever, status 0', async () => {
    const { server, port } = await keep();
    const fd = half(port, 'half');
    server.child.kill('SIGINT');
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^client \S+: .* the server stops, and the peer has sent 20 of 40 bytes$/m);
    expect(recv(fd, Buffer.alloc(BUFFER_SIZE))).toBe(0);
  });

  test('twice: it ends at once, and the status tells of the signal', async () => {
    const { server, port } = await keep();
    half(port, 'half');
    server.child.kill('SIGINT');
    await server.says(/^stopping: 1 client in the middle/m);
    server.child.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 130, signal: null });
  });

  test('cuts no frame of those who come and go while it stops: each conversation is whole or was never begun', async () => {
    const { server, port } = await keep();
    const clients = messages.map((message) => run(compile('client'), [String(port), message]));
    await server.says(/receive from client/);
    server.child.kill('SIGINT');
    const { code, stdout } = await server.ended;
    expect(code).toBe(0);
    const answered = (await Promise.all(clients.map(({ ended }) => ended))).filter((ended) => ended.code === 0);
    expect(linesOf(stdout)).toHaveLength(answered.length);
  });
});
