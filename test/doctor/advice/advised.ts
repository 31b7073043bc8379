/** A kind of advice, followed to the letter: the situation is made, the command is run as it stands there. */
import { expect, test } from '@jest/globals';
import { AF_INET, bind, close, SOCK_STREAM, socket } from 'bsd-sockets';
import { waitUntilFree, type AdviceKind, type Diagnosis } from 'bsd-sockets/doctor';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, run, temporaryFolder } from '../../support/programs.js';

export const isRoot = process.geteuid?.() === 0;
const onLinux = process.platform === 'linux';

/** Why the scenes below cannot be played here; `''` where they can. */
export const noNamespace = whyNoNamespace();

function whyNoNamespace(): string {
  if (!onLinux || !isRoot) return 'it takes root on Linux';
  const { status } = spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']);
  return status === 0 ? '' : 'unshare(1) or ip(8) does not do it here';
}

/** Of that kind in the diagnosis: the words of what to do. It has to be there. */
export type Take = (found: Diagnosis) => string;

/** A test of one kind of advice; each kind needs one: kinds.test.ts counts them. */
export function advised(
  kind: AdviceKind,
  sentence: string,
  whyNot: string,
  follow: (take: Take) => void | Promise<void>,
): void {
  const reason = onLinux ? whyNot : whyNot || 'Linux only';
  const title = `${kind}: ${sentence}${reason && ` (skipped: ${reason})`}`;
  (reason === '' ? test : test.skip)(title, async () => {
    await follow(({ advice }) => {
      expect(advice.map((one) => one.kind)).toContain(kind);
      return advice.find((one) => one.kind === kind)?.do ?? '';
    });
  });
}

/** The command of an advice: what follows the first colon. */
export const commandOf = (what: string): string => what.replace(/^[^:]*: /, '');

/** Runs a command as a user would who types it; `tools` come first in the PATH. */
export function inShell(command: string, tools = ''): string {
  const path = [tools, process.env['PATH'] ?? ''].filter(Boolean).join(':');
  return execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, PATH: path } });
}

/** Resolves when a bind works, and has made one. */
export async function binds(port: number): Promise<void> {
  const address = { port, address: '127.0.0.1' };
  await waitUntilFree(address, { signal: AbortSignal.timeout(10_000) });
  const fd = socket(AF_INET, SOCK_STREAM);
  bind(fd, { family: 'IPv4', ...address });
  close(fd);
}

/** A folder of programs that stand in for others: each notes in `asked` how it was called. */
export function standIns(programs: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'bin'));
  for (const [name, body] of Object.entries(programs)) {
    const text = `#!/bin/sh\necho "${name} $*" >> ${folder}/asked\n${body}\n`;
    writeFileSync(join(folder, 'bin', name), text, { mode: 0o755 });
  }
  return folder;
}

const SUDO = { sudo: 'exec "$@"' };

const PRELUDE = `
  import * as s from 'bsd-sockets';
  import { explain, why } from 'bsd-sockets/doctor';
  import { execFileSync, spawn } from 'node:child_process';
  import { once } from 'node:events';
  import * as fs from 'node:fs';
  import { runInNewContext } from 'node:vm';
  const asNobody = (call) => {
    process.seteuid(65534);
    try { return call(); } finally { process.seteuid(0); }
  };
  const take = ({ advice }, kind) => {
    const one = advice.find((some) => some.kind === kind);
    if (one === undefined) throw new Error(kind + ' is not among ' + JSON.stringify(advice));
    return one.do;
  };
  const commandOf = (what) => what.replace(/^[^:]*: /, '');
  const sh = (command) => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });
  const start = (code) => {
    const child = spawn(process.execPath, ['-e', code]);
    process.on('exit', () => child.kill('SIGKILL'));
    return child;
  };
  const runLine = (line, fd) => runInNewContext(line, { ...s, fd });
  const tcp = () => s.socket(s.AF_INET, s.SOCK_STREAM);
  const at = (port, address = '127.0.0.1') => ({ family: address.includes(':') ? 'IPv6' : 'IPv4', address, port });
  const bindAt = (port, address) => { const fd = tcp(); s.bind(fd, at(port, address)); return fd; };
  const listenAt = (port) => { const fd = bindAt(port); s.listen(fd, 9); return fd; };
  const portOf = (fd) => s.getsockname(fd).port;
  const errorOf = (call) => { try { call(); } catch (error) { return error; } throw new Error('it did not fail'); };
`;

/**
 * Plays a scene as root in a network and a mount namespace of its own, so that settings of the kernel can be made. It
 * has to say `done`.
 */
export async function scene(code: string, programs: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = standIns({ ...SUDO, ...programs });
  const script = `${PRELUDE}\nconst folder = ${JSON.stringify(folder)};\n${code}\nconsole.log('done'); process.exit();`;
  const command = `ip link set lo up && exec "$0" --input-type=module -e "$1"`;
  const { stdout, stderr } = await run(
    'unshare',
    ['--net', '--mount', '/bin/sh', '-c', command, process.execPath, script],
    { cwd: PACKAGE_ROOT, env: { ...process.env, PATH: `${folder}/bin:${process.env['PATH'] ?? ''}` } },
  ).ended;
  expect({ stderr, stdout }).toEqual({ stderr: '', stdout: expect.stringMatching(/done\n$/) });
  return stdout;
}
