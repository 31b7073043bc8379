#!/usr/bin/env node
// `npm run prebuilds [-- TARGET …]`: the binaries that the package is published with, into prebuilds/. One Node-API binary
// serves every Node from 20 on. `--available`: only those that there is a compiler for. Each is looked at: it may ask for nothing newer than glibc 2.28 (RHEL 8, Debian 10).
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compile, findHeaders, ROOT } from './compile.mjs';

/** The newest version of each that a binary may ask for: those of RHEL 8, and of what Node itself asks for. */
const FLOOR = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };
const COMPILERS = { 'linux-x64': 'x86_64-linux-gnu-g++', 'linux-arm64': 'aarch64-linux-gnu-g++' };

const args = process.argv.slice(2);
const available = args.includes('--available');
const wanted = args.filter((arg) => arg !== '--available');
const unknown = wanted.find((target) => !Object.hasOwn(COMPILERS, target));
if (unknown !== undefined) fail(`There is no target ${unknown}. There are: ${Object.keys(COMPILERS).join(', ')}.`);
for (const target of wanted.length > 0 ? wanted : Object.keys(COMPILERS)) prebuild(target);

function prebuild(target) {
  const compiler = compilerFor(target);
  if (compiler === undefined) {
    const missing = `${target}: there is no ${COMPILERS[target]} (Debian: apt-get install g++-${COMPILERS[target].replace('-g++', '').replace('_', '-')})`;
    if (!available) fail(missing);
    process.stderr.write(`${missing}: not prebuilt\n`);
    return;
  }
  const out = join(ROOT, 'prebuilds', target, 'bsd_sockets.node');
  const flags = ['-s', '-Wl,--gc-sections', '-ffunction-sections', '-include', join('native', 'glibc_floor.h')];
  const failure = compile(out, { compiler, headers: findHeaders(), flags });
  if (failure !== undefined) fail(`${target}: ${failure}`);
  const tooNew = newerThanFloor(out);
  if (tooNew.length > 0) fail(`${target} asks for what older systems lack:\n  ${tooNew.join('\n  ')}`);
  process.stdout.write(`${relative(ROOT, out)}: ${(statSync(out).size / 1024).toFixed(0)} kB\n`);
}

/** The compiler for a target; for this machine's own any will do. */
function compilerFor(target) {
  const own = target === `${process.platform}-${process.arch}` ? [process.env.CXX ?? 'c++'] : [];
  return [COMPILERS[target], ...own].find((name) => spawnSync(name, ['--version']).status === 0);
}

/** The symbols of a binary whose version is too new: `pthread_kill GLIBC_2.34`. */
function newerThanFloor(file) {
  const { stdout, stderr, error, status } = spawnSync('objdump', ['-T', file], { encoding: 'utf8' });
  if (status !== 0) fail(`objdump is needed (binutils): ${error?.message ?? stderr}`);
  return [...stdout.matchAll(/\((GLIBC|GLIBCXX|CXXABI)_([\d.]+)\)\s+(\S+)/g)]
    .filter(([, library, version]) => isNewer(version, FLOOR[library]))
    .map(([, library, version, symbol]) => `${symbol} ${library}_${version}`);
}

function isNewer(version, floor) {
  return version.localeCompare(floor, 'en', { numeric: true }) > 0;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
