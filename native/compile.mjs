// One command of the compiler makes the addon: it is one unit (unit.cc), and Node-API needs no library. Definitions and
// flags are those of binding.gyp.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Compiles the addon.
 *
 * @param {string} out - the .node file to write
 * @param {{ compiler?: string, headers: string, flags?: string[], libraries?: string[] }} options - `headers`: the folder
 *   of node_api.h
 * @returns {string | undefined} what the compiler said where it failed
 */
export function compile(out, { compiler = process.env.CXX ?? 'c++', headers, flags = [], libraries = [] }) {
  mkdirSync(dirname(out), { recursive: true });
  const [command, ...words] = compiler.split(' ');
  const link = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-pthread', ...libraries];
  const { status, error, output } = spawnSync(
    command,
    [...words, '-shared', '-O3', ...flagsFor(headers), ...flags, UNIT, ...link, '-o', `${out}.new`],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) return error?.message ?? output.join('');
  process.stderr.write(output.join(''));
  renameSync(`${out}.new`, out); // a process that runs keeps the old one
  return undefined;
}

/** What is compiled, seen from the package's folder. */
export const UNIT = join('native', 'unit.cc');

/** The flags that it is compiled with, those of CXXFLAGS in the environment too. */
export function flagsFor(headers) {
  const { defines, cflags_cc } = target();
  return [
    '-fPIC',
    '-fno-exceptions',
    ...cflags_cc,
    ...defines.map((define) => `-D${define}`),
    '-DBUILDING_NODE_EXTENSION',
    ...['-I', 'native', '-isystem', napiFolder(), '-isystem', headers],
    ...(process.env.CXXFLAGS?.split(' ').filter(Boolean) ?? []),
  ];
}

/** What binding.gyp says; the published package has it under another name, for npm would run it at each install. */
function target() {
  const file = ['binding.gyp', 'native/addon.gyp'].map((name) => join(ROOT, name)).find((path) => existsSync(path));
  return JSON.parse(readFileSync(file, 'utf8')).targets[0];
}

/** napi.h: the published package has a copy. */
function napiFolder() {
  const copy = join(ROOT, 'native', 'node-addon-api');
  if (existsSync(copy)) return copy;
  return dirname(createRequire(import.meta.url).resolve('node-addon-api/package.json'));
}

/** The folder with the headers of this Node: beside it, or where node-gyp puts what it downloads. */
export function findHeaders() {
  const folders = [process.env.npm_config_nodedir, join(dirname(process.execPath), '..')].filter(Boolean);
  const own = folders.map((folder) => join(folder, 'include', 'node')).find(isOfThisNode);
  return own ?? downloadedHeaders();
}

function isOfThisNode(folder) {
  try {
    const text = readFileSync(join(folder, 'node_version.h'), 'utf8');
    const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
    return `v${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}` === process.version;
  } catch {
    return false;
  }
}

function downloadedHeaders() {
  const devdir = join(ROOT, 'build', 'headers');
  const folder = join(devdir, process.versions.node, 'include', 'node');
  if (isOfThisNode(folder)) return folder;
  process.stderr.write(`The headers of Node ${process.version} are not beside it: node-gyp downloads them.\n`);
  spawnSync('npx', ['--yes', 'node-gyp@12.4.0', 'install', '--silent', `--devdir=${devdir}`], { stdio: 'inherit' });
  return isOfThisNode(folder) ? folder : undefined;
}
