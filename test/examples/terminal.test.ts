import { describe, expect, test } from '@jest/globals';
import { AF_UNIX, send, SHUT_WR, shutdown, SOCK_NONBLOCK, SOCK_STREAM, socketpair } from 'bsd-sockets';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { readWord, scanWord } from '../../lib/examples/terminal.js';
import { closeNow, closing, thrownBy } from '../support/sockets.js';

/** The reading end of an input that holds `text` and then ends. */
function input(text: string): number {
  const [a, b] = socketpair(AF_UNIX, SOCK_STREAM).map(closing) as [number, number];
  if (text !== '') send(a, Buffer.from(text));
  shutdown(a, SHUT_WR);
  return b;
}

const WORDS = [
  ['a word and its line end', 'hello\n', 'hello'],
  ['a word at the end of the input', 'hello', 'hello'],
  ['white space of every kind before the word', ' \t\r\n\v\fhello there', 'hello'],
  ['bytes beyond ASCII', 'héllo\u00a0x y', 'héllo\u00a0x'],
] as const;

describe('scanWord', () => {
  test.each(WORDS)('reads %s', (_title, text, word) => {
    expect(scanWord(input(text)).toString()).toBe(word);
  });

  test('stops at 40 bytes of a word that does not end', () => {
    expect(scanWord(input('x'.repeat(1000)))).toHaveLength(40);
  });

  test('leaves what follows the word for the next call', () => {
    const fd = input('one two');
    expect([scanWord(fd), scanWord(fd)].map(String)).toEqual(['one', 'two']);
  });

  test.each(['', ' \n '])('of an input that ends before a word, %j: EOF', (text) => {
    expect(thrownBy(() => scanWord(input(text))).code).toBe('EOF');
  });

  const linux = process.platform === 'linux' ? test : test.skip;
  const without = process.platform === 'linux' ? '' : ': skipped, there is no SOCK_NONBLOCK here';
  linux(`waits for a word where the input does not block${without}`, async () => {
    const [a, b] = socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK).map(closing) as [number, number];
    const child = spawn('sh', ['-c', 'echo late >&3'], { stdio: ['ignore', 'ignore', 'ignore', a] });
    closeNow(a);
    const exit = once(child, 'exit');
    expect(scanWord(b).toString()).toBe('late');
    await exit;
  });
});

describe('readWord', () => {
  test.each(WORDS)('reads %s', async (_title, text, word) => {
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.of(byte));
    expect((await readWord(Readable.from(bytes))).toString()).toBe(word);
    expect((await readWord(Readable.from([Buffer.from(text)]))).toString()).toBe(word);
  });

  test('stops at 40 bytes of a word that does not end, and closes the input', async () => {
    const endless = new PassThrough();
    endless.write('x'.repeat(1000));
    expect(await readWord(endless)).toHaveLength(40);
    expect(endless.destroyed).toBe(true);
  });

  test.each(['', ' \n '])('of an input that ends before a word, %j: EOF', async (text) => {
    await expect(readWord(Readable.from([Buffer.from(text)]))).rejects.toMatchObject({ code: 'EOF' });
  });

  test('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const reading = readWord(new PassThrough(), controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toBe(controller.signal.reason);
  });
});
