import { describe, expect, test } from '@jest/globals';
import { connect, recv, send } from 'bsd-sockets';
import { encodeFrame } from '../../lib/examples/frame.js';
import { answerOf, command, listeningPort } from '../support/programs.js';
import { closeNow, listener, LOOPBACK, tcp } from '../support/sockets.js';

/** Has the conversation with the server at `port`, to the server's close. */
function converse(port: number, message = 'hello'): void {
  const fd = tcp();
  connect(fd, { ...LOOPBACK, port });
  send(fd, encodeFrame(message));
  while (recv(fd, Buffer.alloc(64)) > 0);
  closeNow(fd);
}

/** Runs a server once; its port then has a TIME_WAIT, for the server closes first. */
async function leaveTimeWait(...flags: string[]): Promise<string> {
  const server = command('server', '--port', '0', ...flags);
  const port = await listeningPort(server);
  converse(port);
  expect((await server.ended).code).toBe(0);
  return String(port);
}

const REFUSED = {
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(
    /^server socket bind failed: Address already in use\nwho has it: \S.* why \d+ --host [\d.]+\n$/,
  ),
};

describe('bsd-sockets server', () => {
  test('prints what it received on standard output, and where it listens on standard error', async () => {
    const server = command('server', '--host', '127.0.0.1', '--port', '0');
    const port = await listeningPort(server);
    converse(port, 'two words');
    const stderr = `listening on 127.0.0.1:${String(port)}\n`;
    expect(await server.ended).toEqual({ code: 0, signal: null, stdout: 'receive from client:two words\n', stderr });
  });

  test('listens on every address unless it is told otherwise', async () => {
    await command('server', '--port', '0').says(/^listening on 0\.0\.0\.0:/);
  });

  test('keeps control characters from the terminal', async () => {
    const server = command('server', '--port', '0');
    converse(await listeningPort(server), '\x1b]0;title\x07\r\n');
    expect((await server.ended).stdout).toBe('receive from client:\\x1b]0;title\\x07\\x0d\\x0a\n');
  });

  test('answers the client also when nobody reads its output: status 1', async () => {
    const server = command('server', '--port', '0');
    const port = await listeningPort(server);
    server.child.stdout?.destroy();
    const client = command('client', '--port', String(port), 'hello');
    expect((await client.ended).code).toBe(0);
    const { code, stderr } = await server.ended;
    expect([code, stderr.split('\n')[1]]).toEqual([1, 'output failed: Broken pipe']);
  });

  test('restarts on its port at once with --reuse on both runs', async () => {
    const port = await leaveTimeWait('--reuse');
    const again = command('server', '--port', port, '--reuse');
    expect(await listeningPort(again)).toBe(Number(port));
  });

  const linux = process.platform === 'linux' ? test : test.skip;
  const only = process.platform === 'linux' ? '' : ': skipped, other systems have other rules';
  linux.each([
    [[], []],
    [[], ['--reuse']],
    [['--reuse'], []],
    [['--reuse'], ['--no-reuse']],
  ])(`does not restart on its port with the flags %j, then %j${only}`, async (first, second) => {
    const port = await leaveTimeWait(...first);
    expect(await command('server', '--port', port, ...second).ended).toMatchObject(REFUSED);
  });

  test('is refused a port that is being listened on, with --reuse too: status 1', async () => {
    const port = String((listener().address as { port: number }).port);
    const server = command('server', '--host', '127.0.0.1', '--port', port, '--reuse');
    expect(await server.ended).toMatchObject(REFUSED);
  });

  test('listens on an IPv6 address', async () => {
    const server = command('server', '--host', '::1', '--port', '0');
    const [, port = ''] = await server.says(/^listening on \[::1\]:(\d+)\n/);
    const client = command('client', '--host', '::1', '--port', port, 'six');
    expect((await client.ended).code).toBe(0);
    expect((await server.ended).stdout).toBe('receive from client:six\n');
  });

  test('looks a host name up', async () => {
    await command('server', '--host', 'localhost', '--port', '0').says(/^listening on (127\.0\.0\.1|\[::1\]):/);
  });

  test('says that a host name has no address: status 1', async () => {
    const { code, stderr } = await command('server', '--host', 'no..name').ended;
    expect([code, stderr.startsWith('host lookup failed: ')]).toEqual([1, true]);
  });

  test('says that an address is not of this host: status 1', async () => {
    expect(await command('server', '--host', '192.0.2.1', '--port', '0').ended).toMatchObject({
      code: 1,
      stderr: 'server socket bind failed: Cannot assign requested address\n',
    });
  });

  test('ends on Ctrl-C while it waits for a client', async () => {
    const server = command('server', '--port', '0');
    await listeningPort(server);
    server.child.kill('SIGINT');
    expect(await server.ended).toMatchObject({ signal: 'SIGINT', stdout: '' });
  });

  test.each([
    ['a port that is no number', ['--port', '80x']],
    ['a port in exponents', ['--port', '1e3']],
    ['a port in hexadecimal', ['--port', '0x50']],
    ['a port that is empty', ['--port', '']],
    ['a port that is too high', ['--port', '65536']],
    ['a port that is negative', ['--port=-1']],
    ['a host that is empty', ['--host', '']],
    ['an option that it does not know', ['--reuseport']],
    ['an argument that it does not take', ['12000']],
    ['both flags at once', ['--reuse', '--no-reuse']],
    ['both flags the other way round', ['--no-reuse', '--reuse']],
  ])('refuses %s: status 2', async (_title, args) => {
    const { code, stdout, stderr } = await answerOf('server', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });

  test('explains itself with --help: status 0', async () => {
    const { code, stdout } = await answerOf('server', '--help');
    expect(code).toBe(0);
    for (const option of ['--host', '--port', '--reuse', '--no-reuse']) expect(stdout).toContain(option);
  });
});
