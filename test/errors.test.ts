import { expect, test } from '@jest/globals';
import { SocketError } from 'bsd-sockets';
import { execFileSync, spawnSync } from 'node:child_process';
import { native } from '../lib/native.js';

const compiler = process.platform === 'linux' && spawnSync('cpp', ['--version']).status === 0;
const withCompiler = compiler ? test : test.skip;
const why = compiler ? '' : ' (skipped: there is no cpp, or this is not Linux)';

withCompiler(`every errno of the system's headers has its name there${why}`, () => {
  const defines = execFileSync('cpp', ['-dM'], { input: '#include <errno.h>\n', encoding: 'utf8' });
  const numbers = [...defines.matchAll(/^#define (E[A-Z0-9]+) (\d+)$/gm)].map(
    ([, name, number]) => [name as string, Number(number)] as const,
  );
  expect(numbers.length).toBeGreaterThan(120);
  expect(numbers.filter(([name, number]) => native.errnos[name] !== number)).toEqual([]);
  expect(numbers.filter(([name, number]) => new SocketError('bind', -number).code !== name)).toEqual([]);
});

test('of two names of one errno the usual one is told, with words', () => {
  const { EAGAIN = 0, EWOULDBLOCK, EOPNOTSUPP = 0, ETOOMANYREFS = 0 } = native.errnos;
  expect(EWOULDBLOCK).toBe(EAGAIN);
  expect(new SocketError('recv', -EAGAIN).message).toBe('recv EAGAIN: resource temporarily unavailable');
  expect(new SocketError('listen', EOPNOTSUPP).message).toBe('listen EOPNOTSUPP: operation not supported on socket');
  expect(new SocketError('sendmsg', ETOOMANYREFS).message).toMatch(/^sendmsg ETOOMANYREFS: too many references/);
});

test('a number that is no errno is told as a number', () => {
  expect(new SocketError('bind', -4000)).toMatchObject({ code: 'E4000', message: 'bind E4000: error 4000' });
});

test('a link-local address without its interface: the error says that one is needed, and with one there is none', () => {
  const refused = new SocketError('bind', -22, { family: 'IPv6', address: 'fe80::1', port: 0 });
  expect(refused.message).toMatch(
    /^bind EINVAL: .* \(a link-local address needs its interface: 'fe80::1%eth0', or scopeid\)$/,
  );
  for (const address of [
    { family: 'IPv6', address: 'fe80::1%lo', port: 0 },
    { family: 'IPv6', address: 'fe80::1', port: 0, scopeid: 1 },
    { family: 'IPv6', address: '::1', port: 0 },
  ] as const) {
    expect(new SocketError('bind', -22, address).message).not.toContain('interface');
  }
});
