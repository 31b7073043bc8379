#!/usr/bin/env node
// `npm run prebuilds [-- TARGET …]`: the binaries that the package is published with, into prebuilds/. One Node-API binary
// serves every Node from 20 on. `--available`: only those that there is a compiler for. Each is looked at: it may ask for nothing newer than glibc 2.28 (RHEL 8, Debian 10).
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compile, findHeaders, ROOT } from './compile.mjs';
import { isMusl, muslOptions } from './musl.mjs';

/** The newest version of each that a binary may ask for: those of RHEL 8, and of what Node itself asks for. */
const FLOOR = { GLIBC: '2.28', GLIBCXX: '3.4.25', CXXABI: '1.3.11' };
const TARGETS = {
  'linux-x64': { compiler: 'x86_64-linux-gnu-g++' },
  'linux-arm64': { compiler: 'aarch64-linux-gnu-g++' },
  'linux-x64-musl': { compiler: 'x86_64-linux-gnu-g++', musl: 'x86_64-linux-musl' },
  'linux-arm64-musl': { compiler: 'aarch64-linux-gnu-g++', musl: 'aarch64-linux-musl' },
};

const args = process.argv.slice(2);
const available = args.includes('--available');
const wanted = args.filter((arg) => arg !== '--available');
const unknown = wanted.find((target) => !Object.hasOwn(TARGETS, target));
if (unknown !== undefined) fail(`There is no target ${unknown}. There are: ${Object.keys(TARGETS).join(', ')}.`);
for (const target of wanted.length > 0 ? wanted : Object.keys(TARGETS)) prebuild(target);

function prebuild(target) {
  const options = optionsFor(target);
  if (typeof options === 'string') {
    if (!available) fail(`${target}: ${options}`);
    process.stderr.write(`${target}: ${options}: not prebuilt\n`);
    return;
  }
  const out = join(ROOT, 'prebuilds', target, 'bsd_sockets.node');
  const flags = ['-s', '-Wl,--gc-sections', '-ffunction-sections', ...options.flags];
  const failure = compile(out, { ...options, headers: findHeaders(), flags });
  if (failure !== undefined) fail(`${target}: ${failure}`);
  const tooNew = newerThanFloor(out);
  if (tooNew.length > 0) fail(`${target} asks for what older systems lack:\n  ${tooNew.join('\n  ')}`);
  process.stdout.write(`${relative(ROOT, out)}: ${(statSync(out).size / 1024).toFixed(0)} kB\n`);
}

/** How to compile for a target; or what is missing for it, in words. */
function optionsFor(target) {
  const { compiler: cross, musl } = TARGETS[target];
  const own = `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
  if (target === own && musl !== undefined) return { flags: [] };
  const compiler = [cross, ...(target === own ? [process.env.CXX ?? 'c++'] : [])].find(runs);
  if (compiler === undefined) {
    return `there is no ${cross} (Debian: apt-get install g++-${cross.replace('-g++', '').replace('_', '-')})`;
  }
  if (musl === undefined) return { compiler, flags: ['-include', join('native', 'glibc_floor.h')] };
  const options = muslOptions(compiler, musl);
  return options === undefined
    ? `there is no ${musl} (Debian: apt-get install musl-dev:${target.split('-')[1].replace('x64', 'amd64')})`
    : { compiler, ...options };
}

function runs(compiler) {
  return spawnSync(compiler, ['--version']).status === 0;
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
