/** What is done about an address, or a path. */
import { expect } from '@jest/globals';
import * as s from 'bsd-sockets';
import { why } from 'bsd-sockets/doctor';
import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { temporaryFolder } from '../../support/programs.js';
import { closeNow, closing, tcp } from '../../support/sockets.js';
import { advised, commandOf, inShell, noNamespace, scene } from './advised.js';

const ELSEWHERE = { port: 4000, address: '192.0.2.1' };
const unix = (path: string): number => {
  const fd = closing(s.socket(s.AF_UNIX, s.SOCK_STREAM));
  s.bind(fd, { family: 'Unix', path });
  return fd;
};

advised('own-address', 'each that it names can be bound', '', (take) => {
  const own = commandOf(take(why(ELSEWHERE))).split(', ');
  expect(own).not.toEqual([]);
  for (const address of own) s.bind(tcp(), { family: 'IPv4', address, port: 0 });
});

advised('any-address', 'it stands for all', '', (take) => {
  const [, address = ''] = /^Bind (\S+)$/.exec(take(why(ELSEWHERE))) ?? [];
  s.bind(tcp(), { family: 'IPv4', address, port: 0 });
});

advised('freebind', 'an address that the host has not yet is bound', '', (take) => {
  for (const address of ['192.0.2.1', '2001:db8::1']) {
    const isV6 = address.includes(':');
    const found = why({ port: 4000, address });
    if (found.verdict !== 'not-local') continue; // a machine without IPv6
    const fd = closing(s.socket(isV6 ? s.AF_INET6 : s.AF_INET, s.SOCK_STREAM));
    runInNewContext(commandOf(take(found)), { ...s, fd });
    s.bind(fd, { family: isV6 ? 'IPv6' : 'IPv4', address, port: 0 });
  }
});

advised('remove-file', 'what an old socket left goes, whatever its name', '', (take) => {
  const path = join(temporaryFolder(), "it's an old one");
  closeNow(unix(path));
  inShell(commandOf(take(why({ path }))));
  unix(path);
});

advised('unlink-first', 'the path is removed before each bind', '', (take) => {
  const path = join(temporaryFolder(), 'socket');
  closeNow(unix(path));
  expect(take(why({ path }))).toContain('unlink the path before bind()');
  unlinkSync(path);
  unix(path);
});

advised('make-folder', 'and those above it', '', (take) => {
  const path = join(temporaryFolder(), 'a folder', 'below', 'socket');
  inShell(commandOf(take(why({ path }))));
  unix(path);
});

advised('another-path', 'beside a file', '', (take) => {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, '');
  expect(take(why({ path }))).toBe('Use another path');
  unix(`${path}.socket`);
});

advised('another-name', 'beside an abstract name', '', (take) => {
  const path = `\0bsd-sockets-${String(process.pid)}`;
  s.listen(unix(path), 1);
  expect(take(why({ path }))).toBe('Use another name');
  unix(`${path}-2`);
});

advised('change-rights', 'the user may then make the file', noNamespace, async () => {
  await scene(`
    fs.mkdirSync(folder + '/closed', { mode: 0o755 });
    const address = { family: 'Unix', path: folder + '/closed/socket' };
    take(asNobody(() => why(address)), 'change-rights');
    fs.chmodSync(folder + '/closed', 0o777);
    asNobody(() => s.bind(s.socket(s.AF_UNIX, s.SOCK_STREAM), address));`);
});
