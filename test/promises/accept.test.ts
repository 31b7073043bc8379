import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { connect, listen, Socket } from 'bsd-sockets/promises';
import { abstractName, listening, outcome, owned, rejection, say, stillWaits, text, turns } from '../support/owned.js';
import { reset } from '../support/peers.js';
import { run } from '../support/programs.js';
import { PACKAGE_ROOT, runScript } from '../support/scripts.js';

const isLinux = process.platform === 'linux';
const only = isLinux ? '' : ' (skipped: Linux only)';
const onLinux = isLinux ? test : test.skip;
/** UndefinedBehaviorSanitizer looks at memory through a pipe, and complains where it gets none. */
const isSanitized = process.env['UBSAN_OPTIONS'] !== undefined;
const sanitized = isSanitized ? ' (skipped: the sanitizer needs descriptors itself)' : '';
const plainly = isSanitized ? test.skip : test;

describe('accept', () => {
  test('gives connections in the order in which they came', async () => {
    const listener = listening();
    const clients: Socket[] = [];
    for (let i = 0; i < 5; i++) clients.push(owned(await connect(listener.getsockname())));
    for (const client of clients) {
      const { socket, address } = await listener.accept();
      expect(address).toEqual(client.getsockname());
      expect(owned(socket).getpeername()).toEqual(address);
    }
    expect(await stillWaits(listener.accept())).toBe(true);
  });

  test('gives close-on-exec sockets that do not block', async () => {
    const listener = listening();
    owned(await connect(listener.getsockname()));
    const socket = owned((await listener.accept()).socket);
    expect(s.fcntl(socket.fd, s.F_GETFD) & s.FD_CLOEXEC).toBe(s.FD_CLOEXEC);
    expect(s.fcntl(socket.fd, s.F_GETFL) & s.O_NONBLOCK).toBe(s.O_NONBLOCK);
  });

  test('on a socket that does not listen: EINVAL; on one that cannot: EOPNOTSUPP', async () => {
    const socket = owned(new Socket(s.AF_INET, s.SOCK_STREAM));
    expect(await rejection(socket.accept())).toMatchObject({ code: 'EINVAL', syscall: 'accept' });
    const datagrams = owned(new Socket(s.AF_INET, s.SOCK_DGRAM));
    expect(await outcome(datagrams.accept())).toBe('EOPNOTSUPP');
  });

  test('gives a connection that was reset before: the first call on it tells', async () => {
    const listener = listening();
    const client = await connect(listener.getsockname());
    await say(client, 'x');
    reset(client.detach());
    const accepted = await outcome(
      listener.accept().then(async ({ socket }) => {
        const words = await outcome(text(owned(socket)));
        if (words !== 'ok') expect(words).toBe('ECONNRESET');
      }),
    );
    expect(['ok', 'ECONNABORTED']).toContain(accepted);
    owned(await connect(listener.getsockname()));
    owned((await listener.accept()).socket);
  });

  test('ends with EINVAL where the listener is shut down', async () => {
    const listener = listening();
    const waiting = listener.accept();
    await turns();
    const shut = await outcome(Promise.resolve().then(() => listener.shutdown(s.SHUT_RDWR)));
    if (shut !== 'ok') return; // a system on which only connections are shut down
    expect(await outcome(waiting)).toBe('EINVAL');
  });

  onLinux(`names a unix client that is bound, and one that is not${only}`, async () => {
    const listener = listening(abstractName());
    const name = abstractName();
    const bound = owned(new Socket(s.AF_UNIX, s.SOCK_STREAM));
    bound.bind(name);
    await bound.connect(listener.getsockname());
    owned(await connect(listener.getsockname()));
    const peers = [await listener.accept(), await listener.accept()];
    peers.forEach(({ socket }) => owned(socket));
    expect(peers.map(({ address }) => address)).toEqual([name, { family: 'Unix', path: '' }]);
  });
});

/** A server that uses up all descriptors; what it prints is JSON. */
const STARVING = `
  import { closeSync, openSync } from 'node:fs';
  import { connect, listen } from 'bsd-sockets/promises';
  const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  const address = listener.getsockname();
  const clients = [await connect(address), await connect(address), await connect(address)];
  const first = await listener.accept();
  clients.push(await connect(address));
  const ballast = [];
  for (;;) {
    try {
      ballast.push(openSync('/dev/null'));
    } catch {
      break;
    }
  }
  const turn = () => new Promise(setImmediate);
`;

/** Runs `code` after it, with 64 descriptors. */
const starving = (code: string) =>
  run('sh', ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, STARVING + code], {
    cwd: PACKAGE_ROOT,
  });

describe('a server without descriptors', () => {
  test('is told once, does not spin, and goes on when there are some', async () => {
    // eslint-disable-next-line no-restricted-syntax -- half a second without descriptors, to measure the processor time that it costs
    const server = starving(`
      const codes = [];
      const accept = () => listener.accept().then(({ socket }) => socket, (error) => { codes.push(error.code); return accept() });
      const accepting = accept();
      const before = process.cpuUsage();
      const end = performance.now() + 500;
      while (performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
      const { user, system } = process.cpuUsage(before);
      const spun = (user + system) / 1000 > 450;
      closeSync(ballast.pop());
      const socket = await accepting;
      const peer = clients[1];
      await peer.send(Buffer.from('x'));
      console.log(JSON.stringify({ codes, spun, got: await socket.recv(Buffer.alloc(9)) }));
      process.exit();`);
    const { stdout, stderr } = await server.ended;
    expect({ stderr, ...(JSON.parse(stdout || '{}') as object) }).toEqual({
      stderr: '',
      codes: ['EMFILE'],
      spun: false,
      got: 1,
    });
  });

  test('accepts at once when a Socket of its own is closed', async () => {
    const server = starving(`
      const refused = await listener.accept().catch((error) => error.code);
      const accepting = listener.accept();
      await turn();
      clients.pop().close();
      const { socket } = await accepting;
      console.log(refused, typeof socket.fd);
      process.exit();`);
    expect(await server.ended).toMatchObject({ stdout: 'EMFILE number\n', stderr: '' });
  });

  test('is told again after it has accepted between', async () => {
    const server = starving(`
      const codes = [];
      for (let i = 0; i < 2; i++) {
        codes.push(await listener.accept().then(() => 'ok', (error) => error.code));
        closeSync(ballast.pop());
        codes.push(await listener.accept().then(() => 'ok', (error) => error.code));
      }
      console.log(codes.join(' '));
      process.exit();`);
    expect(await server.ended).toMatchObject({ stdout: 'EMFILE ok EMFILE ok\n', stderr: '' });
  });

  test('can be closed, and its call aborted', async () => {
    const server = starving(`
      const codes = [];
      const end = (promise) => promise.then(() => 'ok', (error) => error.code ?? error);
      codes.push(await end(listener.accept()));
      const controller = new AbortController();
      const aborted = end(listener.accept({ signal: controller.signal }));
      const closed = end(listener.accept());
      await turn();
      controller.abort('enough');
      codes.push(await aborted);
      listener.close();
      codes.push(await closed);
      console.log(codes.join(' '));
      for (const client of clients) client.close();
      first.socket.close();`);
    expect(await server.ended).toMatchObject({ code: 0, stdout: 'EMFILE enough ECANCELED\n', stderr: '' });
  });

  test('goes on in a loop that tells the error once, to whom it was asked to tell', async () => {
    const server = starving(`
      const codes = [];
      let count = 0;
      const onError = ({ code }) => { codes.push(code); closeSync(ballast.pop()) };
      for await (const { socket } of listener.incoming({ onError })) {
        if (++count === 1) break;
      }
      console.log(codes.join(' '), count);
      process.exit();`);
    expect(await server.ended).toMatchObject({ stdout: 'EMFILE 1\n', stderr: '' });
  });

  test('warns of it where nobody asked to be told', async () => {
    const server = starving(`
      process.once('warning', () => closeSync(ballast.pop()));
      for await (const { socket } of listener.incoming()) break;
      console.log('went on');
      setImmediate(() => process.exit());`);
    const { stdout, stderr } = await server.ended;
    expect(stdout).toBe('went on\n');
    expect(stderr).toContain('EMFILE');
  });

  plainly(`without a descriptor for the poller: new Socket says EMFILE, and leaks none${sanitized}`, async () => {
    const server = run(
      'sh',
      [
        '-c',
        'ulimit -n 64; exec "$0" --input-type=module -e "$1"',
        process.execPath,
        `import { AF_INET, AF_UNIX, SOCK_STREAM } from 'bsd-sockets';
         import { closeSync, openSync } from 'node:fs';
         import { Socket } from 'bsd-sockets/promises';
         const ballast = [];
         try { for (;;) ballast.push(openSync('/dev/null')) } catch {}
         const tried = (make) => { try { make(); return 'ok' } catch (error) { return error.code } };
         const said = [tried(() => new Socket(AF_INET, SOCK_STREAM))];
         closeSync(ballast.pop());
         for (let i = 0; i < 3; i++) said.push(tried(() => new Socket(AF_INET, SOCK_STREAM)));
         for (let i = 0; i < 3; i++) closeSync(ballast.pop());
         for (let i = 0; i < 3; i++) said.push(tried(() => new Socket(AF_INET, SOCK_STREAM).close()));
         for (let i = 0; i < 3; i++) said.push(tried(() => Socket.pair(AF_UNIX, SOCK_STREAM).forEach((end) => end.close())));
         console.log(said.join(' '));`,
      ],
      { cwd: PACKAGE_ROOT },
    );
    const { stdout, stderr } = await server.ended;
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^EMFILE (EMFILE|ok) EMFILE EMFILE ok ok ok ok ok ok\n$/);
  });
});

test('an accept of a listener is not an accept of its copy: both serve one queue', async () => {
  const listener = owned(listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }));
  const copy = owned(Socket.fromFd(s.fcntl(listener.fd, s.F_DUPFD_CLOEXEC)));
  const accepts = [listener.accept(), copy.accept()];
  const clients = [owned(await connect(listener.getsockname())), owned(await connect(listener.getsockname()))];
  const accepted = (await Promise.all(accepts)).map(({ socket }) => owned(socket));
  expect(accepted.length).toBe(clients.length);
});

onLinux(
  `a listener that a child has made blocking, as its standard input, does not block the event loop${only}`,
  async () => {
    const script = runScript(`
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { fcntl, F_GETFL, O_NONBLOCK } from 'bsd-sockets';
    import { connect, listen } from 'bsd-sockets/promises';
    const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
    const child = spawn('sleep', ['60'], { stdio: [server.fd, 'ignore', 'ignore'] });
    await once(child, 'spawn');
    console.log('blocking', (fcntl(server.fd, F_GETFL) & O_NONBLOCK) === 0);
    const accepted = server.accept();
    setImmediate(async () => {
      console.log('the loop turns');
      const client = await connect(server.getsockname());
      await accepted;
      console.log('accepted');
      child.kill();
      process.exit();
    });`);
    const { stdout } = await script.ended;
    expect(stdout).toMatch(/^blocking (true|false)\nthe loop turns\naccepted\n$/);
  },
);
