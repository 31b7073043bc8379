#!/usr/bin/env node
// `npm run test:musl [-- x64 | arm64]`: the prebuilt binaries for musl, which Alpine has, with tests that start no promise, and
// with commands. There is no Node for musl to be had as a package; there is a Bun. arm64 is emulated, by qemu-user. It needs
// dist/, prebuilds/ and what native/prebuild.mjs needs for them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NOT_FOR_QEMU, NOT_IN_QEMU } from './qemu.mjs';
import { getTools, ROOT as root } from './tools.mjs';

const BUN = '1.4.5';
const MACHINES = {
  x64: { name: 'x86_64', bun: 'bun-linux-x64-musl', folders: ['syscalls', 'families', 'structs', 'helpers', 'doctor'] },
  arm64: { name: 'aarch64', bun: 'bun-linux-aarch64-musl', folders: ['syscalls'], emulator: 'qemu-aarch64' },
};
const FILES = [
  'constants',
  'names',
  'structs',
  'control',
  'printable',
  'language',
  'byte-order',
  'ip',
  'errors',
  'validate',
];
const NOT_IN_BUN = [
  "are every option, flag and family of (libc's|the kernel's) headers", // the compiler's headers are glibc's
  "with Node's error in every field", // Bun's own errors have a positive errno
  'takes the error of a (connection|socket) of node:(net|dgram)', // and other fields
  'that nobody handles says', // Bun prints an error in another way
  'have this one among them', // Bun does not know expect.any() everywhere
  'knows from the binds that it was left', // the same
  "what another user's rights do not show", // the command that is told is one of Bun's
  'with a port alone serves', // promises need Node
];
/** They start Bun, which the kernel cannot run where it is emulated. */
const START_PROCESSES = [
  'of another process',
  'to that process, and says when',
  'in the table of the addon',
  'ICMP without the right to it',
  'a raw socket without CAP_NET_RAW',
  'while no loopback interface is up',
];

const packages = Object.values(MACHINES).map(({ bun }) => `@oven/${bun}@${BUN}`);
const tools = getTools('musl', `@oven/${MACHINES.arm64.bun}`, ['--force', ...packages]);
const wanted = process.argv.slice(2);
for (const machine of wanted.length > 0 ? wanted : Object.keys(MACHINES)) await tryOn(machine);

/** Runs the tests and the commands. */
async function tryOn(machine) {
  const { name, bun, folders, emulator } = MACHINES[machine];
  const binary = join(tools, 'node_modules', '@oven', bun, 'bin', 'bun');
  const libraries = getLibraries(name);
  const variables = { LD_LIBRARY_PATH: libraries, ...(emulator && { LD_PRELOAD: join(libraries, loaderOf(name)) }) };
  const settings = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  const [program, ...words] = emulator ? [emulator, ...settings.flatMap((one) => ['-E', one]), binary] : [binary];
  const env = emulator ? process.env : { ...process.env, ...variables };
  const leftOut = [...NOT_IN_BUN, ...(emulator ? [...NOT_IN_QEMU, ...START_PROCESSES] : [])].join('|');
  const main = join(root, 'dist', 'cli', 'main.js');
  const runs = [
    [
      'test',
      '--test-name-pattern',
      `^(?!.*(${leftOut}))`,
      ...testsIn(folders).filter((file) => !(emulator && NOT_FOR_QEMU.some((name) => file.includes(name)))),
    ],
    [main, 'why', '1', '--host', '127.0.0.1'],
    ...(emulator ? [] : [[main, 'compare']]), // it starts processes
  ];
  for (const args of runs) {
    if ((await run(program, [...words, ...args], env)) === 0) continue;
    console.error(`FAILED on ${machine}: bun ${args[0]} ${args[1] ?? ''} …`);
    process.exitCode = 1;
  }
}

/** Runs a program, and ends what it leaves running: of Bun, tests do not end all that they start. */
async function run(program, args, env) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env, detached: true });
  const end = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // nothing is left of it
    }
  };
  const interrupted = () => process.exit(130);
  process.once('exit', end).once('SIGINT', interrupted);
  const [status] = await once(child, 'exit');
  end();
  process.off('exit', end).off('SIGINT', interrupted);
  return status;
}

function testsIn(folders) {
  const inFolders = folders.flatMap((name) =>
    readdirSync(join(root, 'dist', 'test', name)).map((file) => `${name}/${file}`),
  );
  const names = [...FILES.map((name) => `${name}.test.js`), ...inFolders];
  return names.filter((name) => name.endsWith('.test.js')).map((name) => `./dist/test/${name}`);
}

/**
 * libstdc++, which Bun asks for: glibc's, and what musl lacks for it under the name of glibc's loader. That of x64 asks for
 * its loader itself; for that of arm64 it is loaded before.
 */
function getLibraries(name) {
  const folder = join(tools, name);
  const compiler = `${name}-linux-gnu-gcc`;
  const find = (file) =>
    must(compiler, [`-print-file-name=${file}`], { stdio: 'pipe', encoding: 'utf8' }).stdout.trim();
  mkdirSync(folder, { recursive: true });
  for (const file of ['libstdc++.so.6', 'libgcc_s.so.1']) copyFileSync(find(file), join(folder, file));
  const headers = [`/usr/include/${name}-linux-musl`, find('include')].flatMap((one) => ['-isystem', one]);
  const source = join(root, 'test', 'package', 'musl_shim.c');
  const options = ['-shared', '-fPIC', '-nostdinc', '-nostdlib', ...headers];
  must(compiler, [...options, '-o', join(folder, loaderOf(name)), source]);
  return folder;
}

function loaderOf(name) {
  return name === 'x86_64' ? 'ld-linux-x86-64.so.2' : `ld-linux-${name}.so.1`;
}

function must(program, args, options = {}) {
  const result = spawnSync(program, args, { stdio: 'inherit', ...options });
  if (result.error !== undefined) console.error(`${program} is needed: ${result.error.message}`);
  if (result.status !== 0) process.exit(1);
  return result;
}
