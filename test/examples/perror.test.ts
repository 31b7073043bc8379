import { describe, expect, test } from '@jest/globals';
import { AF_INET, close, SocketError, socket } from 'bsd-sockets';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:os';
import { step, StepFailed, strerror } from '../../lib/examples/perror.js';
import { compile } from '../support/programs.js';
import { thrownBy } from '../support/sockets.js';

/** The errors that the steps of the two programs can meet: the ERRORS of their man pages. */
const CODES = [
  ...['EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAFNOSUPPORT', 'EPROTONOSUPPORT', 'EPROTO'],
  ...['EINVAL', 'EADDRINUSE', 'EADDRNOTAVAIL', 'ENODEV', 'ENOPROTOOPT', 'EOPNOTSUPP', 'ECONNABORTED', 'EINTR'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH', 'ETIMEDOUT', 'EAGAIN'],
  ...['EBADF', 'EIO', 'EISDIR'],
] as const;

const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header;
const withGlibc = glibcVersionRuntime === undefined ? test.skip : test;

describe('strerror', () => {
  withGlibc(
    `has the words of C${glibcVersionRuntime === undefined ? ': skipped, this system has no glibc' : ''}`,
    () => {
      const numbers = CODES.map((code) => constants.errno[code]);
      const words = execFileSync(compile('strerror'), numbers.map(String), {
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
        timeout: 5000,
      });
      expect(numbers.map(strerror)).toEqual(words.trimEnd().split('\n'));
    },
  );
});

describe('step', () => {
  test('returns what the call returns', () => {
    expect(step('addition failed', (a: number, b: number) => a + b, 1, 2)).toBe(3);
  });

  test('fails with the text that perror prints, the code, and the cause', () => {
    const error = thrownBy(() => step('server_sockfd creation failed', socket, AF_INET, 1234));
    expect(error).toBeInstanceOf(StepFailed);
    expect(error).toMatchObject({ code: 'EINVAL', step: 'server_sockfd creation failed' });
    expect(error.message).toBe('server_sockfd creation failed: Invalid argument');
    expect(error.cause).toBeInstanceOf(SocketError);
  });

  test('throws a mistake in an argument as it is', () => {
    expect(thrownBy(() => step('close failed', close, NaN))).not.toBeInstanceOf(StepFailed);
  });
});
