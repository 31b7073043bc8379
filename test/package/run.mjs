#!/usr/bin/env node
// `npm run test:package`: packs the package, installs it into empty folders as users do, and uses it there: with npm (i, then
// ci), pnpm and yarn, on each Node that is supported, in Bun and Deno, from CommonJS, from bundles; with no compiler in
// PATH, and with no registry. `-- --here`: with this Node and its npm alone. What is tried with are packages themselves: they go to .nodes/, with `npm i` once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getTools, ROOT as root } from './tools.mjs';

const tools = join(root, '.nodes');
const NODES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };
const OTHERS = ['bun@1.4.5', 'deno@2.9.6', 'pnpm@11', '@yarnpkg/cli-dist@4'];
const arch = process.arch;
const here = process.argv.includes('--here');
const USE = `
  import { AF_UNIX, SOCK_STREAM, socketpair, send, recv, close } from 'bsd-sockets';
  const [a, b] = socketpair(AF_UNIX, SOCK_STREAM);
  send(a, Buffer.from('hi'));
  const bytes = Buffer.alloc(2);
  recv(b, bytes);
  console.log(bytes.toString());
  close(a);
  close(b);`;
const USE_PROMISES = `
  import { SocketError } from 'bsd-sockets';
  import { connect, listen } from 'bsd-sockets/promises';
  const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  try {
    listen(server.getsockname());
  } catch (error) {
    if (!(error instanceof SocketError)) throw new Error('two classes SocketError', { cause: error });
  }
  const [{ socket }, client] = await Promise.all([server.accept(), connect(server.getsockname())]);
  const bytes = Buffer.alloc(2);
  await Promise.all([client.sendAll(Buffer.from('hi')), socket.recv(bytes)]);
  console.log(bytes.toString());
  for (const one of [server, socket, client]) one.close();`;
const JEST_TEST = `
  const { explain } = require('bsd-sockets/doctor');
  const { SocketError } = require('bsd-sockets');
  const { connect, listen, Socket } = require('bsd-sockets/promises');
  const { toNodeSocket } = require('bsd-sockets/node');
  test('echo', async () => {
    const server = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
    const [{ socket }, client] = await Promise.all([server.accept(), connect(server.getsockname())]);
    await client.sendAll(Buffer.from('hi'));
    client.close();
    const text = [];
    for await (const chunk of toNodeSocket(socket)) text.push(chunk.toString());
    expect(text).toEqual(['hi']);
    let error;
    try { listen(server.getsockname()); } catch (thrown) { error = thrown; }
    expect(error).toBeInstanceOf(SocketError);
    expect(JSON.stringify(await explain(error))).toContain('listen');
    server.close();
  });`;
const REFUSED = `
  import { listen } from 'bsd-sockets/promises';
  try {
    await listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }).accept();
  } catch (error) {
    console.log(error.code, error.message);
  }
  process.exit(0);`;
let passed = 0;
let failed = 0;

const scratch = mkdtempSync(join(tmpdir(), 'bsd-sockets-package-'));
try {
  if (!here) {
    const nodes = Object.entries(NODES).map(([major, version]) => `node${major}@npm:node-linux-${arch}@${version}`);
    getTools('', 'node26', [...nodes, ...OTHERS]);
  }
  const tarball = pack();
  const folder = install('npm', tarball);
  for (const version of here ? [] : Object.keys(NODES)) useOn(nodeOf(version), `Node ${version}`, folder);
  check('npm ci', () => run('npm', ['ci', '--offline'], folder));
  useOn(process.execPath, 'Node after npm ci', folder);
  for (const manager of here ? [] : ['pnpm', 'yarn'])
    useOn(process.execPath, `Node after ${manager}`, install(manager, tarball));
  for (const runtime of here ? [] : ['bun', 'deno']) useIn(runtime, folder);
  useFromCommonJs(folder);
  useFromBundles(folder);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function nodeOf(major) {
  return join(tools, 'node_modules', `node${major}`, 'bin', 'node');
}

/** Packs what is built: `npm pack` alone would cross-compile, too. */
function pack() {
  for (const script of ['native/prebuild.mjs', 'tools/prepack.mjs']) {
    const targets = script === 'native/prebuild.mjs' ? [`linux-${arch}`] : [];
    const { status, stderr } = spawnSync(process.execPath, [join(root, script), ...targets], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch];
  if (spawnSync('npm', args, { cwd: root }).status !== 0) throw new Error('npm pack failed');
  return join(
    scratch,
    readdirSync(scratch).find((name) => name.endsWith('.tgz')),
  );
}

function install(manager, tarball) {
  const folder = join(scratch, manager);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "name": "user", "version": "1.0.0" }\n');
  const cli = { pnpm: 'pnpm/bin/pnpm.mjs', yarn: '@yarnpkg/cli-dist/bin/yarn.js' }[manager];
  if (manager === 'yarn')
    writeFileSync(join(folder, '.yarnrc.yml'), 'nodeLinker: node-modules\nenableTelemetry: false\n');
  if (manager === 'yarn') writeFileSync(join(folder, 'yarn.lock'), '');
  check(
    `${manager} installs it, offline and with no compiler`,
    () =>
      manager === 'npm'
        ? run('npm', ['i', '--offline', '--no-audit', '--no-fund', tarball], folder)
        : run(nodeOf('24'), [join(tools, 'node_modules', cli), 'add', tarball], folder), // pnpm 11 does not run on Node 20
  );
  return folder;
}

function useOn(node, name, folder) {
  const bin = join(folder, 'node_modules', 'bsd-sockets', 'dist', 'cli', 'main.js');
  check(`${name}: import`, () => run(node, ['--input-type=module', '-e', USE], folder, 'hi'));
  check(`${name}: why`, () => run(node, [bin, 'why', '1', '--host', '127.0.0.1'], folder, 'Would bind()'));
  check(`${name}: compare`, () => run(node, [bin, 'compare', '--json'], folder, '"runs"'));
  check(`${name}: a page`, () => run(node, [bin, 'matrix', '--html', join(folder, 'page.html')], folder));
  check(`${name}: promises`, () => run(node, ['--input-type=module', '-e', USE_PROMISES], folder, 'hi'));
}

function useIn(runtime, folder) {
  const binary = join(tools, 'node_modules', '.bin', runtime);
  const args = runtime === 'deno' ? ['run', '-A'] : [];
  const script = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const bin = join(folder, 'node_modules', 'bsd-sockets', 'dist', 'cli', 'main.js');
  check(`${runtime}: import`, () => run(binary, [...args, script('use.mjs', USE)], folder, 'hi'));
  check(`${runtime}: why`, () =>
    run(binary, [...args, bin, 'why', '1', '--host', '127.0.0.1'], folder, 'Would bind()'),
  );
  check(`${runtime}: compare`, () =>
    runtime === 'deno'
      ? run(binary, [...args, bin, 'compare'], folder, 'not in Deno', 1)
      : run(binary, [...args, bin, 'compare', '--json'], folder, '"runs"'),
  );
  check(`${runtime}: promises say that they need Node`, () =>
    run(binary, [...args, script('p.mjs', REFUSED)], folder, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'),
  );
}

function useFromCommonJs(folder) {
  const same = `import('bsd-sockets').then((s) => console.log(s.SocketError === require('bsd-sockets').SocketError))`;
  check('require() from CommonJS is the same as import', () => run(process.execPath, ['-e', same], folder, 'true'));
  check('a test of jest, in CommonJS', () => {
    writeFileSync(join(folder, 'jest.config.json'), '{ "testRegex": "echo.test.js" }\n');
    writeFileSync(join(folder, 'echo.test.js'), JEST_TEST);
    run(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), '--rootDir', folder], folder, '1 passed');
  });
}

function useFromBundles(folder) {
  const esbuild = join(root, 'node_modules', '.bin', 'esbuild');
  writeFileSync(join(folder, 'use.mjs'), USE);
  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ]) {
    const out = `out/bundle.${extension}`;
    check(`a bundle by esbuild, ${format}`, () => {
      run(esbuild, ['use.mjs', '--bundle', '--platform=node', `--format=${format}`, `--outfile=${out}`], folder);
      run(process.execPath, [out], folder, 'hi');
    });
  }
  check('a bundle that went away from node_modules says what to do', () => {
    mkdirSync(join(scratch, 'away'));
    run(esbuild, ['use.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=../away/b.mjs'], folder);
    run(process.execPath, ['b.mjs'], join(scratch, 'away'), '--external:bsd-sockets', 1);
  });
}

/** Runs a program with no compiler in PATH; throws where it ends with another status or does not print the words. */
function run(program, args, cwd, words = '', expected = 0) {
  const bin = join(scratch, 'bin');
  if (!existsSync(bin)) {
    mkdirSync(bin);
    for (const name of ['node', 'npm', 'npx']) symlinkSync(join(dirname(process.execPath), name), join(bin, name));
    symlinkSync('/bin/sh', join(bin, 'sh'));
    symlinkSync('/usr/bin/env', join(bin, 'env'));
  }
  const { status, stdout, stderr, error } = spawnSync(program.startsWith('/') ? program : join(bin, program), args, {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { HOME: scratch, PATH: bin, npm_config_registry: 'http://127.0.0.1:1/', NO_COLOR: '1' },
  });
  if (error) throw error;
  if (status !== expected || !`${stdout}${stderr}`.includes(words)) {
    throw new Error(`status ${status}\n${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`);
  }
}

function check(name, act) {
  try {
    act();
    passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}\n${error.message.replace(/^/gm, '        ')}`);
  }
}
