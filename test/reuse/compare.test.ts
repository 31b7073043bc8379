import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listTcpSockets } from '../../lib/doctor/kernel/observe.js';
import { compare } from '../../lib/reuse/compare.js';
import { CompareFailed } from '../../lib/reuse/comparison.js';
import { runScript } from '../support/scripts.js';
import { freePorts, listeningPorts, someoneListens } from './leftovers.js';
import { until } from '../support/until.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';
const module = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

describe('the comparison', () => {
  test('has four results on any system, tells its progress, uses the port that it is given and the next three', async () => {
    const port = freePorts();
    const progress: number[] = [];
    const { runs, platform } = await compare({ port, onProgress: (done) => progress.push(done) });
    expect(platform).toBe(process.platform);
    expect(progress).toEqual([0, 1, 2, 3, 4]);
    expect(runs.map((run) => run.port)).toEqual([port, port + 1, port + 2, port + 3]);
    expect(runs.filter(({ result }) => ['ok', 'EADDRINUSE'].includes(result))).toHaveLength(4);
    expect(runs.filter(({ timeline }) => timeline !== undefined)).toEqual([]); // they were not asked for
    if (process.platform !== 'linux') return;
    expect(listeningPorts(port)).toEqual([]);
    expect(runs.map(({ first, second, result }) => [first, second, result])).toEqual([
      ['off', 'off', 'EADDRINUSE'],
      ['off', 'on', 'EADDRINUSE'],
      ['on', 'off', 'EADDRINUSE'],
      ['on', 'on', 'ok'],
    ]);
    for (const { port: used, evidence } of runs) {
      expect(evidence).toMatchObject([{ state: 'TIME_WAIT', local: { address: '127.0.0.1', port: used } }]);
      expect(evidence[0]?.expiresInMs).toBeGreaterThan(0);
    }
  });

  onLinux(`fails where the client cannot connect, and leaves nobody listening${only}`, async () => {
    const port = freePorts();
    const failed = compare({ port, module: module('./refused-client.js') });
    await expect(failed).rejects.toThrow(CompareFailed);
    await expect(failed).rejects.toThrow('client failed: connect failed');
    expect(listeningPorts(port)).toEqual([]);
  });

  onLinux(`stops when it is told to, and leaves nobody listening${only}`, async () => {
    const port = freePorts();
    const controller = new AbortController();
    const stopped = compare({ port, module: module('./hanging-client.js'), signal: controller.signal });
    await someoneListens(port);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(listeningPorts(port)).toEqual([]);
  });

  test('does not begin where it is told to stop before', async () => {
    const reason = new Error('enough');
    await expect(compare({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('fails where the programs cannot be started', async () => {
    await expect(compare({ module: module('./no-such-module.js') })).rejects.toThrow('The server ended without a word');
  });
});

onLinux(`the programs end with the comparison, also where that is killed with SIGKILL${only}`, async () => {
  const comparing = runScript(`
    import { compare } from './dist/lib/reuse/compare.js';
    console.log('started');
    await compare({ module: ${JSON.stringify(module('./hanging-client.js'))} });`);
  await comparing.says('started');
  const { pid } = comparing.child;
  const childrenOf = (parent: number | undefined): string[] =>
    readFileSync(`/proc/${String(parent)}/task/${String(parent)}/children`, 'utf8')
      .split(' ')
      .filter(Boolean);
  const listens = (child: string): boolean =>
    listTcpSockets().some(
      ({ state, inode }) => state === 'LISTEN' && readlinks(child).includes(`socket:[${String(inode)}]`),
    );
  let children = childrenOf(pid);
  await until(() => {
    children = childrenOf(pid); // they start while we look
    return children.length === 8 && children.filter(listens).length === 4;
  });
  comparing.child.kill('SIGKILL');
  await comparing.ended;
  await until(() => !children.some((child) => existsSync(`/proc/${child}/fd/0`)));
  expect(children.filter((child) => existsSync(`/proc/${child}/fd/0`))).toEqual([]);
});

function readlinks(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}
