/** The load generator of the bench, against the bench's own servers in C and against one that lies. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Round } from '../../bench/serve/run.js';
import { LOAD_PARTS } from '../../bench/serve/servers.js';
import { compileFile } from '../support/compiler.js';
import { PACKAGE_ROOT, run } from '../support/programs.js';

const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const onLinux = process.platform === 'linux' ? test : test.skip;

let folder = '';
const source = (name: string): string => join(PACKAGE_ROOT, 'bench/c', `${name}.c`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-load-'));
  if (process.platform !== 'linux') return;
  compileFile(LOAD_PARTS.map(source), join(folder, 'load'));
  for (const name of ['epoll_server', 'udp_server']) compileFile(source(name), join(folder, name));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Plays one round of `count` messages; the generator ends when its standard input does. */
async function play(
  mode: string,
  port: string,
  options: readonly string[],
): Promise<{ code: number | null; lines: string[]; stderr: string }> {
  const args = [mode, port, '--warm-ms', '1', '--lead-ms', '0', '--count', '5000', ...options];
  const load = run(join(folder, 'load'), args);
  load.input('.');
  const { code, stdout, stderr } = await load.ended;
  return { code, lines: stdout.trim().split('\n'), stderr };
}

describe('the load generator', () => {
  onLinux.each([
    ['echo', 'epoll_server', ['echo'], ['--connections', '50']],
    ['echo', 'epoll_server', ['echo'], ['--connections', '2', '--size', '1048576', '--count', '20']],
    ['ping-pong', 'epoll_server', ['echo'], ['--size', '40']],
    ['one-way', 'epoll_server', ['one-way'], ['--size', '65536']],
    ['to-client', 'epoll_server', ['to-client'], ['--size', '65536']],
    ['conversation', 'epoll_server', ['conversation'], ['--size', '40', '--connections', '8']],
    ['conversation', 'epoll_server', ['conversation', 'eager'], ['--size', '40', '--connections', '8']],
    ['datagrams', 'udp_server', ['recvfrom'], ['--connections', '4']],
    ['datagrams', 'udp_server', ['recvmmsg'], ['--connections', '4']],
  ] as const)(`plays %s against %s %j and tells what the server needed${only}`, async (mode, name, work, options) => {
    const server = run(join(folder, name), work);
    const [, port = ''] = await server.says(/"port":(\d+)/);
    const { code, lines, stderr } = await play(mode, port, [...options, '--server', String(server.child.pid)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines[0]).toBe('{"ready":true}');
    const round = JSON.parse(lines[1] ?? '') as Round;
    expect(round.messages).toBeGreaterThanOrEqual((options as readonly string[]).includes('20') ? 20 : 5000);
    expect(round.seconds).toBeGreaterThan(0);
    expect(round.serverCpuSeconds).toBeGreaterThan(0);
    const { p50, p99, p999 } = round.latencyNs;
    expect([p50 > 0, p50 <= p99, p99 <= p999]).toEqual([['echo', 'ping-pong'].includes(mode), true, true]);
  });

  onLinux.each([
    ['echo', (data: Buffer): Buffer => Buffer.concat([data.subarray(0, -1), Buffer.from('?')]), 'other bytes'],
    ['ping-pong', (data: Buffer): Buffer => Buffer.concat([Buffer.from('?'), data.subarray(1)]), 'other bytes'],
    ['conversation', (data: Buffer): Buffer => data.subarray(1), 'other bytes'],
  ] as const)(`ends %s where a server answers with other bytes${only}`, async (mode, change, message) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined); // the generator goes away in the midst of it
      socket.on('data', (data) => socket.end(change(data)));
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const { code, stderr } = await play(mode, String(port), []);
      expect(code).toBe(1);
      expect(stderr).toContain(message);
    } finally {
      server.close();
    }
  });

  onLinux(`ends where the server has gone${only}`, async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    const { port } = server.address() as AddressInfo;
    server.close();
    const { code, stderr } = await play('echo', String(port), []);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^connect: /);
  });
});
