import { describe, expect, test } from '@jest/globals';
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  F_DUPFD_CLOEXEC,
  F_GETFL,
  F_SETFL,
  fcntl,
  getsockname,
  O_NONBLOCK,
  recv,
  send,
  SOCK_STREAM,
  socket,
} from 'bsd-sockets';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as net from 'node:net';
import { dirname, join } from 'node:path';
import { reset } from './support/peers.js';
import { PACKAGE_ROOT, run } from './support/programs.js';
import { runScript } from './support/scripts.js';
import { LOOPBACK, tcp, thrownBy } from './support/sockets.js';

const EXAMPLES = join(PACKAGE_ROOT, 'docs', 'examples');

describe('an example of the documentation', () => {
  test.each(readdirSync(EXAMPLES))('%s runs to its end and prints something', async (name) => {
    const { code, stdout, stderr } = await run(process.execPath, [join(EXAMPLES, name)]).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });
});

/** The first block of code in a section of the README; it listens on a free port, which it prints. */
function codeOf(section: string): string {
  const readme = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8');
  const [, text = ''] = readme.split(`## ${section}\n`);
  const [, code = ''] = /```[jt]s\n(.*?)```/s.exec(text) ?? [];
  return code.replace('port: 12000', 'port: 0');
}

test("the README's server serves the example client", async () => {
  const telling = codeOf('A server in fifteen lines')
    .replace('import {', 'import { getsockname,')
    .replace('listen(server, 5);', '$& console.log(getsockname(server).port);');
  const server = runScript(telling);
  const [port = ''] = await server.says(/\d+/);
  const client = run(process.execPath, [join(PACKAGE_ROOT, 'dist/cli/main.js'), 'client', '--port', port, 'hello']);
  expect((await server.ended).stdout).toContain('hello');
  await client.ended;
});

test("the README's echo server echoes to several clients at once, also after one has reset", async () => {
  const server = runScript(codeOf('Promises').replace(/= listen\(.*$/m, '$& console.log(server.getsockname().port);'));
  const [port = ''] = await server.says(/\d+/);
  const fds = [tcp(), tcp(), tcp()] as const;
  for (const fd of fds) connect(fd, { ...LOOPBACK, port: Number(port) });
  reset(fds[2]);
  await server.says(/ECONNRESET/);
  const buffer = Buffer.alloc(16);
  for (const [fd, text] of [[fds[1], 'second'] as const, [fds[0], 'first'] as const]) {
    send(fd, Buffer.from(text));
    expect(buffer.toString('utf8', 0, recv(fd, buffer))).toBe(text);
  }
});

test('a descriptor that Node listens on has become non-blocking for all its holders, until O_NONBLOCK is cleared', async () => {
  const fd = socket(AF_INET, SOCK_STREAM);
  bind(fd, { ...LOOPBACK, port: 0 });
  const server = net.createServer().listen({ fd: fcntl(fd, F_DUPFD_CLOEXEC, 0) });
  await once(server, 'listening');
  expect(thrownBy(() => accept(fd)).code).toBe('EAGAIN');
  server.close();
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
  const client = tcp();
  connect(client, getsockname(fd));
  for (const each of [accept(fd).fd, fd]) close(each);
});

test('the README has sections that can be taken in at a glance, and the Chinese one has as many', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((file) =>
    [...readFileSync(join(PACKAGE_ROOT, file), 'utf8').matchAll(/^## (.*)$/gm)].map(([, title]) => title),
  );
  expect(english?.length).toBeLessThanOrEqual(10);
  expect(chinese).toHaveLength(english?.length ?? 0);
});

test('what the documents link to is there', () => {
  for (const file of ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'docs/promises.md', 'docs/handing-over.md']) {
    const path = join(PACKAGE_ROOT, file);
    const links = [...readFileSync(path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    for (const link of links.filter((one) => !/^https?:/.test(one))) {
      const [name = '', anchor] = link.split('#');
      const target = name === '' ? path : join(dirname(path), name);
      expect([link, existsSync(target)]).toEqual([link, true]);
      if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
    }
  }
});

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/ /g, '-'),
  );
}
