#!/usr/bin/env node
// Builds the addon from source: `node native/build.mjs`, into build/Release/; a C++17 compiler is all it needs.
// `--sanitize` with cmake-js, under AddressSanitizer and UndefinedBehaviorSanitizer, into .cmake/asan/;
// `--cmake` the same without sanitizers. `--force`: also where nothing has changed.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compile, findHeaders, ROOT } from './compile.mjs';

const started = Date.now();
const has = (flag) => process.argv.includes(flag);
const failure = has('--cmake') || has('--sanitize') ? cmakeJs(has('--sanitize')) : build();
if (failure !== undefined) {
  process.stderr.write(
    `${failure}\nbsd-sockets: the addon did not build. It needs a C++17 compiler: g++ or clang++; on Alpine linux-headers too.\n`,
  );
  process.exit(1);
}
if (Date.now() - started > 3000) {
  process.stderr.write(`addon built in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

function build() {
  const out = join(ROOT, 'build', 'Release', 'bsd_sockets.node');
  if (!has('--force') && isUpToDate(out)) return undefined;
  const headers = findHeaders();
  return headers === undefined ? "Node's headers were not found." : compile(out, { headers });
}

/** Is the addon newer than everything it is made of? */
function isUpToDate(out) {
  const made = statSync(out, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const files = readdirSync(join(ROOT, 'native'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return [...files, join(ROOT, 'binding.gyp')].every(
    (file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < made,
  );
}

function cmakeJs(sanitize) {
  const cmake = createRequire(import.meta.url).resolve('cmake-js/bin/cmake-js');
  const out = join('.cmake', sanitize ? 'asan' : 'plain', 'build');
  const defines = sanitize ? ['--CDSANITIZE=ON'] : [];
  const headers = findHeaders();
  // cmake-js reads the folder of Node's headers from npm's configuration.
  const env = { ...process.env, ...(headers && { npm_config_nodedir: join(headers, '..', '..') }) };
  const { status, error, output } = spawnSync(
    process.execPath,
    [cmake, 'compile', '-d', 'native', '-O', out, '-B', 'Release', ...defines],
    { cwd: ROOT, encoding: 'utf8', env },
  );
  return status === 0 ? undefined : (error?.message ?? output.join(''));
}
