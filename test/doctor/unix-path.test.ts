import { describe, expect, test } from '@jest/globals';
import { AF_UNIX, bind, listen, SOCK_STREAM, socket } from 'bsd-sockets';
import { why, type Diagnosis } from 'bsd-sockets/doctor';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/programs.js';
import { closeNow, closing } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const BUSY = 'EADDRINUSE';

const commands = ({ advice }: Diagnosis): string => advice.map((one) => one.do).join('\n');

describe('why, of a unix path,', () => {
  const pathname = (): string => join(temporaryFolder(), 'a socket');

  /** A listener on a path. */
  function listenerAt(path: string): number {
    const fd = closing(socket(AF_UNIX, SOCK_STREAM));
    bind(fd, { family: 'Unix', path });
    listen(fd);
    return fd;
  }

  test('that is free says so, and makes nothing there', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'free');
    expect(why({ path })).toMatchObject({ path, protocol: 'unix', verdict: 'free', binds: { none: 'ok' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that was left behind advises to remove it', () => {
    const path = pathname();
    closeNow(listenerAt(path));
    const diagnosis = why({ path });
    expect(diagnosis).toMatchObject({ verdict: 'left-behind', binds: { none: BUSY }, holders: [] });
    expect(diagnosis.advice[0]?.do).toContain(`rm '${path}'`);
  });

  onLinux(`that somebody listens on says who, and does not advise to remove it${only}`, () => {
    const path = pathname();
    listenerAt(path);
    const diagnosis = why({ path });
    expect(diagnosis).toMatchObject({
      verdict: 'listening',
      binds: { none: BUSY },
      holders: [{ state: 'LISTEN', local: { path }, pid: process.pid }],
    });
    expect(commands(diagnosis)).not.toContain('rm ');
  });

  onLinux(`that is an abstract name says who has it${only}`, () => {
    const path = `\0bsd-sockets-test-${randomUUID()}`;
    const fd = listenerAt(path);
    expect(why({ path })).toMatchObject({ verdict: 'listening', holders: [{ pid: process.pid }] });
    closeNow(fd);
    expect(why({ path }).verdict).toBe('free');
  });

  test('with something else on it does not advise to remove that', () => {
    const path = pathname();
    writeFileSync(path, '');
    const link = `${path} link`;
    symlinkSync('nowhere', link);
    const folder = `${path} folder`;
    mkdirSync(folder);
    for (const taken of [path, link, folder]) {
      const diagnosis = why({ path: taken });
      expect(diagnosis).toMatchObject({ verdict: 'not-a-socket', binds: { none: BUSY } });
      expect(commands(diagnosis)).not.toContain('rm ');
    }
  });

  test('in a folder that is not there says that', () => {
    const diagnosis = why({ path: `${pathname()}/x` });
    expect(diagnosis).toMatchObject({ verdict: 'no-folder', binds: { none: expect.stringMatching(/^E/) } });
  });
});
