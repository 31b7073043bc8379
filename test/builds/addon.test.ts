import { expect, test } from '@jest/globals';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { PACKAGE_ROOT, temporaryFolder } from '../support/programs.js';

const require = createRequire(import.meta.url);
const hasCmake = spawnSync('cmake', ['--version']).status === 0;

/** The names an addon exports, those inside its objects too. */
function exportsOf(file: string): string[] {
  const names = (prefix: string, object: object): string[] =>
    Object.entries(object).flatMap(([name, value]: [string, unknown]) => [
      `${prefix}${name}`,
      ...(typeof value === 'object' && value !== null && !(value instanceof ArrayBuffer)
        ? names(`${prefix}${name}.`, value)
        : []),
    ]);
  return names('', require(isAbsolute(file) ? file : join(PACKAGE_ROOT, file)) as object).sort();
}

const inPackage = (program: string, ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(program, args, { cwd: PACKAGE_ROOT, encoding: 'utf8' });

test('node-gyp builds from binding.gyp what our own build builds', () => {
  const folder = temporaryFolder();
  for (const name of ['native', 'binding.gyp', 'package.json']) {
    cpSync(join(PACKAGE_ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(folder, 'node_modules'));
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  const nodedir = join(process.execPath, '..', '..');
  const run = spawnSync(process.execPath, [gyp, 'rebuild', `--nodedir=${nodedir}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([run.status, run.status === 0 ? '' : run.stderr]).toEqual([0, '']);
  expect(exportsOf(join(folder, 'build/Release/bsd_sockets.node'))).toEqual(
    exportsOf('build/Release/bsd_sockets.node'),
  );
}, 120_000);

test('a prebuilt binary is stripped and asks for nothing newer than glibc 2.28', () => {
  const target = `linux-${process.arch}`;
  const { status, stdout, stderr } = inPackage(process.execPath, 'native/prebuild.mjs', target);
  expect([status, stderr]).toEqual([0, '']); // it looks with objdump itself, and names what is too new
  expect(stdout).toMatch(new RegExp(`^prebuilds/${target}/bsd_sockets.node: \\d+ kB`));
  expect(exportsOf(`prebuilds/${target}/bsd_sockets.node`)).toEqual(exportsOf('build/Release/bsd_sockets.node'));
}, 60_000);

const hasMusl = existsSync('/usr/include/x86_64-linux-musl') && process.arch === 'x64';
(hasMusl ? test : test.skip)(
  `the prebuilt binary for musl asks for nothing of glibc, nor for static TLS${hasMusl ? '' : ': skipped, there is no musl (x64)'}`,
  () => {
    const file = 'prebuilds/linux-x64-musl/bsd_sockets.node';
    const { status, stderr } = inPackage(process.execPath, 'native/prebuild.mjs', 'linux-x64-musl');
    expect([status, stderr]).toEqual([0, '']);
    const { stdout } = inPackage('readelf', '--dynamic', '--dyn-syms', '--wide', file);
    expect([...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name)).toEqual([
      'libc.so',
      'libstdc++.so.6',
    ]);
    expect(stdout).not.toMatch(/STATIC_TLS|GLIBC_|_chk\b|__isoc99/); // musl refuses static TLS in a library
  },
  60_000,
);

(hasCmake ? test : test.skip)(
  `the cmake-js build exports what the node-gyp build exports${hasCmake ? '' : ': skipped, there is no cmake'}`,
  () => {
    const { status, stderr } = inPackage(process.execPath, 'native/build.mjs', '--cmake');
    expect([status, stderr.replace(/addon built in \d+ s\n/, '')]).toEqual([0, '']);
    expect(exportsOf('.cmake/plain/build/Release/bsd_sockets.node')).toEqual(
      exportsOf('build/Release/bsd_sockets.node'),
    );
  },
  180_000,
);
