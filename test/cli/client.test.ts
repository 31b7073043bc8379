import { describe, expect, test } from '@jest/globals';
import { accept, recv, send } from 'bsd-sockets';
import { encodeFrame } from '../../lib/examples/frame.js';
import { answerOf, command, type Program } from '../support/programs.js';
import { closing, listener, timed } from '../support/sockets.js';

/** Starts a client and serves it here: it gets `answer`; the bytes that it sent are returned. */
function serve(args: string[], input?: string | Uint8Array, answer = 'fine'): { client: Program; sent: string } {
  const at = listener();
  const client = command('client', '--port', String((at.address as { port: number }).port), ...args);
  if (input !== undefined) client.input(input);
  const fd = timed(closing(accept(at.fd).fd), 5000);
  const buffer = Buffer.alloc(64);
  const sent = buffer.toString('latin1', 0, recv(fd, buffer));
  send(fd, encodeFrame(answer));
  return { client, sent };
}

describe('bsd-sockets client', () => {
  test('sends its argument and prints the answer, without a question', async () => {
    const { client, sent } = serve(['two words']);
    expect(sent).toBe('two words'.padEnd(40, '\0'));
    expect(await client.ended).toMatchObject({ code: 0, stdout: 'receive data from server: fine\n', stderr: '' });
  });

  test('asks without an argument, and sends one word of standard input', async () => {
    const { client, sent } = serve([], '  two words\n');
    expect(sent).toBe('two'.padEnd(40, '\0'));
    const stdout = 'Please input the message:receive data from server: fine\n';
    expect(await client.ended).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  test('sends the bytes of the word as they are, also where they are no UTF-8', () => {
    expect(serve([], Buffer.from('\xff\xfe\n', 'latin1')).sent).toBe('\xff\xfe'.padEnd(40, '\0'));
  });

  test('sends a message that begins with a dash after --', () => {
    expect(serve(['--', '-x']).sent).toBe('-x'.padEnd(40, '\0'));
  });

  test('keeps control characters of the answer from the terminal', async () => {
    const { client } = serve(['hello'], undefined, '\x1b[31mred');
    expect((await client.ended).stdout).toBe('receive data from server: \\x1b[31mred\n');
  });

  test('ends on Ctrl-C while it waits for a word', async () => {
    const at = listener();
    const client = command('client', '--port', String((at.address as { port: number }).port));
    await client.says(/Please input the message:/);
    client.child.kill('SIGINT');
    expect(await client.ended).toMatchObject({ signal: 'SIGINT' });
  });

  test('looks a host name up', async () => {
    const { client } = serve(['--host', 'localhost', 'hello']);
    expect((await client.ended).code).toBe(0);
  });

  test('says that a host name has no address: status 1', async () => {
    const { code, stderr } = await command('client', '--host', 'no..name', 'hello').ended;
    expect([code, stderr.startsWith('host lookup failed: ')]).toEqual([1, true]);
  });

  test.each([
    ['a message of 40 bytes', ['x'.repeat(40)]],
    ['a message of 20 characters that are 40 bytes', ['é'.repeat(20)]],
    ['a port that is no number', ['--port', '80x', 'hello']],
    ['an option that it does not know', ['--reuse', 'hello']],
    ['a second message', ['hello', 'world']],
  ])('refuses %s before it connects: status 2', async (_title, args) => {
    const at = listener();
    const port = String((at.address as { port: number }).port);
    const { code, stdout, stderr } = await answerOf('client', '--port', port, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    timed(at.fd, 1);
    expect(() => accept(at.fd)).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  });

  test('explains itself with --help: status 0', async () => {
    const { code, stdout } = await answerOf('client', '--help');
    expect(code).toBe(0);
    for (const option of ['message', '--host', '--port']) expect(stdout).toContain(option);
  });
});
