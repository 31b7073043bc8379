/** Who is compared: the command that runs each one's program, where it can be had. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerRequire, PEERS, ROOT } from './paths.js';

export const C = 'C';
export const OURS = 'bsd-sockets';
/** Ours and C's, where a case compares a call with several simpler ones. */
export const OURS_RECV = 'bsd-sockets, recv';
export const C_RECV = 'C, recv';
export type ContestantName =
  typeof C | typeof OURS | typeof C_RECV | typeof OURS_RECV | 'C, threaded' | 'posix-socket' | 'koffi' | 'python';

/** Takes part: its command line, or why it does not. */
export type Contestant =
  { readonly command: readonly string[]; readonly version: string } | { readonly absent: string };

const OUT = join(ROOT, 'build/bench');

/** The load generators: of the blocking calls, and of the servers of many. */
export const GENERATOR = join(OUT, 'generator');
export const LOAD = join(OUT, 'load');

/** Makes everybody ready who plays the calls: compiles C, finds the peers. */
export function gather(): Record<ContestantName, Contestant> {
  const c = compile('reference');
  const reference = { command: [c], version: run('cc', ['-dumpfullversion'])?.trim() ?? '' };
  const ours = {
    command: [process.execPath, program('bsd-sockets.js')],
    version: version(join(ROOT, 'package.json')),
  };
  compile('generator');
  return {
    [C]: reference,
    'C, threaded': { ...reference, command: [c, '--threaded'] },
    [C_RECV]: reference,
    [OURS]: ours,
    [OURS_RECV]: ours,
    'posix-socket': peer('posix-socket'),
    koffi: peer('koffi'),
    python: python(),
  };
}

/** Compiles a program of bench/c: of one file, or of the named ones. Returns its path. */
export function compile(name: string, parts: readonly string[] = [name]): string {
  const out = join(OUT, name);
  mkdirSync(OUT, { recursive: true });
  const sources = parts.map((part) => join(ROOT, 'bench/c', `${part}.c`));
  const flags = ['-std=gnu11', '-O2', '-Wall', '-pthread', '-o', out];
  const { status, stderr, error } = spawnSync('cc', [...flags, ...sources], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`bench/c/${name}.c does not compile: ${error?.message ?? stderr}`);
  return out;
}

function program(name: string): string {
  return join(ROOT, 'dist/bench/programs', name);
}

function version(manifest: string): string {
  return (peerRequire(manifest) as { version: string }).version;
}

function peer(name: 'koffi' | 'posix-socket'): Contestant {
  // In a process of its own: an addon that does not load may do worse than throw.
  const loads = spawnSync(process.execPath, ['-e', `require('${name}')`], { cwd: PEERS, timeout: 10_000 }).status === 0;
  if (!loads) return { absent: 'not installed in bench/peers' };
  return {
    command: [process.execPath, program(`${name}.js`)],
    version: version(join(PEERS, 'node_modules', name, 'package.json')),
  };
}

function python(): Contestant {
  // The program itself, not a shim that starts it: pyenv's costs 50 ms each time.
  const found = run('python3', ['-c', 'import sys; print(sys.executable); print(sys.version.split()[0])'])
    ?.trim()
    .split('\n');
  if (found?.length !== 2) return { absent: 'no python3' };
  const [executable = '', number = ''] = found;
  return { command: [executable, join(ROOT, 'bench/programs/python.py')], version: number };
}

function run(command: string, args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout : undefined;
}

/** Installs the peers that are missing. `say` gets a line for what takes long. */
export function installPeers(say: (line: string) => void): void {
  installPackages(say);
  const posixSocket = join(PEERS, 'node_modules/posix-socket');
  if (!existsSync(posixSocket) || existsSync(join(posixSocket, 'build/Release/addon.node'))) return;
  say('building posix-socket (once)');
  const gyp = peerRequire.resolve(join(ROOT, 'node_modules/node-gyp/bin/node-gyp.js'));
  const headers = join(process.execPath, '../..');
  const nodedir = existsSync(join(headers, 'include/node/node.h')) ? [`--nodedir=${headers}`] : [];
  const built = spawnSync(process.execPath, [gyp, 'rebuild', ...nodedir], { cwd: posixSocket, timeout: 120_000 });
  if (built.status !== 0) say('posix-socket could not be built');
}

function installPackages(say: (line: string) => void): void {
  const wanted = readFileSync(join(PEERS, 'package.json'), 'utf8');
  const done = join(PEERS, 'node_modules/.installed');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return;
  say('installing the peers into bench/peers (once; Bun and Deno take 200 MB)');
  const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--silent'];
  const install = (...args: string[]): boolean =>
    spawnSync('npm', ['install', ...flags, ...args], { cwd: PEERS, timeout: 180_000 }).status === 0;
  if (!install()) say('npm could not install them all');
  else writeFileSync(done, wanted);
  const { optionalDependencies } = JSON.parse(wanted) as { optionalDependencies: Record<string, string> };
  const bun = '@oven/bun-linux-x64';
  // A processor without AVX2 needs another build of Bun.
  if (existsSync(join(PEERS, 'node_modules', bun)) && !readFileSync('/proc/cpuinfo', 'utf8').includes(' avx2 '))
    install('--no-save', `${bun}-baseline@${optionalDependencies[bun] ?? 'latest'}`);
}
