#!/usr/bin/env node
// Builds the addon from source: `node native/build.mjs` with node-gyp, as users do, into build/;
// `node native/build.mjs --sanitize` with cmake-js, under AddressSanitizer and
// UndefinedBehaviorSanitizer, into .cmake/asan/; `--cmake` the same without sanitizers.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

const started = Date.now();
const cmake = process.argv.includes('--cmake') || process.argv.includes('--sanitize');
const [command, ...args] = cmake ? cmakeJs(process.argv.includes('--sanitize')) : nodeGyp();
const { status, error, output } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: environment() });
if (status !== 0) {
  process.stderr.write(error ? `${error.message}\n` : output.join(''));
  process.stderr.write(
    'bsd-sockets: the addon did not build. It needs python3, make and a C++17 compiler (g++ or clang++).\n',
  );
  process.exit(1);
}
if (Date.now() - started > 3000) {
  process.stderr.write(`addon built in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

function nodeGyp() {
  // The published package has binding.gyp under another name: npm would run it at each install.
  if (!existsSync(join(root, 'binding.gyp'))) copyFileSync(join(root, 'native/addon.gyp'), join(root, 'binding.gyp'));
  const headers = ownHeaders();
  const flags = ['configure', 'build', '--silent', ...(headers ? [`--nodedir=${headers}`] : [])];
  try {
    return [process.execPath, require.resolve('node-gyp/bin/node-gyp.js'), ...flags];
  } catch {
    return ['npx', '--yes', 'node-gyp@12.4.0', ...flags];
  }
}

function cmakeJs(sanitize) {
  const out = join('.cmake', sanitize ? 'asan' : 'plain', 'build');
  const defines = sanitize ? ['--CDSANITIZE=ON'] : [];
  return [
    process.execPath,
    require.resolve('cmake-js/bin/cmake-js'),
    'compile',
    '-d',
    'native',
    '-O',
    out,
    '-B',
    'Release',
    ...defines,
  ];
}

// cmake-js reads the folder of Node's headers from npm's configuration.
function environment() {
  const headers = ownHeaders();
  return headers ? { ...process.env, npm_config_nodedir: headers } : process.env;
}

// The headers beside this Node, if they are its own: then none are downloaded.
function ownHeaders() {
  const prefix = join(dirname(process.execPath), '..');
  try {
    const text = readFileSync(join(prefix, 'include/node/node_version.h'), 'utf8');
    const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
    const version = `v${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`;
    return version === process.version ? prefix : undefined;
  } catch {
    return undefined;
  }
}
