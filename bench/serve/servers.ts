/** Who serves: the command that runs each one's program, where it can be had. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../contestants.js';
import { peerRequire, PEERS, ROOT } from '../paths.js';
import type { Work } from './case.js';

/** Everybody: the name on the command line and in results.json, and the one that is shown. */
export const TITLES = {
  c: 'C epoll',
  'c-eager': 'C epoll, recv at once',
  'c-udp': 'C recvfrom, sendto',
  'c-udp-batch': 'C recvmmsg, sendmmsg',
  ours: 'bsd-sockets, epoll',
  'ours-uring': 'bsd-sockets, io_uring',
  'ours-loops': 'bsd-sockets, for await',
  node: 'node:net',
  'node-onread': 'node:net, onread',
  'node-destroy': 'node:net, destroySoon',
  dgram: 'node:dgram',
  bun: 'Bun',
  deno: 'Deno',
  python: 'Python, plain epoll',
  asyncio: 'Python asyncio, protocol',
  streams: 'Python asyncio, streams',
  uvloop: 'Python uvloop, protocol',
} as const;
export type ServerName = keyof typeof TITLES;

/** Takes part: its command line and what is added to its environment; or why it does not. */
export type Server =
  | {
      readonly command: (work: Work) => readonly string[];
      readonly version: string;
      readonly environment?: NodeJS.ProcessEnv;
      /** Does it collect garbage, and say so, when SIGUSR2 arrives? */
      readonly collects: boolean;
      /** Does V8 collect it, which gives memory back only when it is idle? */
      readonly onV8?: true;
    }
  | { readonly absent: string };

/** The files that the load generator is compiled of. */
export const LOAD_PARTS = ['load', 'load_stream', 'load_conversation', 'load_datagram'] as const;

/** Finds everybody, and compiles what is in C. */
export function findServers(): Record<ServerName, Server> {
  const c = { version: run('cc', ['-dumpfullversion']) ?? '', collects: false };
  const epoll = compile('epoll_server');
  const udp = compile('udp_server');
  compile('load', LOAD_PARTS);
  const node = { version: process.version.slice(1) };
  return {
    c: { ...c, command: (work) => [epoll, work] },
    'c-eager': { ...c, command: (work) => [epoll, work, 'eager'] },
    'c-udp': { ...c, command: () => [udp, 'recvfrom'] },
    'c-udp-batch': { ...c, command: () => [udp, 'recvmmsg'] },
    ours: ours('epoll'),
    'ours-uring': ours('io_uring'),
    'ours-loops': ours('default', 'loops'),
    node: { ...node, ...javaScript('node-net.js') },
    'node-onread': { ...node, ...javaScript('node-net.js', 'onread') },
    'node-destroy': { ...node, ...javaScript('node-net.js', 'destroy') },
    dgram: { ...node, ...javaScript('node-dgram.js') },
    bun: bun(),
    deno: deno(),
    ...pythons(),
  };
}

/** A program of ours that node runs. */
function javaScript(name: string, ...flags: string[]) {
  const program = join(ROOT, 'dist/bench/serve/programs', name);
  return {
    command: (work: Work) => [process.execPath, '--expose-gc', program, work, ...flags],
    collects: true,
    onV8: true as const,
  };
}

function ours(backend: 'epoll' | 'io_uring' | 'default', ...flags: string[]): Server {
  const environment = backend === 'default' ? {} : { BSD_SOCKETS_BACKEND: backend };
  const chosen = run(process.execPath, ['--input-type=module', '-e', WHICH_BACKEND], environment);
  if (backend !== 'default' && chosen !== backend)
    return { absent: `bsd-sockets/promises does not run on ${backend} here` };
  const { version } = peerRequire(join(ROOT, 'package.json')) as { version: string };
  return { ...javaScript('ours.js', ...flags), version, environment };
}

/** Run in the package's folder: a package may import itself by its name. */
const WHICH_BACKEND = "console.log((await import('bsd-sockets/promises')).backend())";

/** A program that is not TypeScript of ours stays in bench/. */
function program(name: string): string {
  return join(ROOT, 'bench/serve/programs', name);
}

function bun(): Server {
  const packages = ['@oven/bun-linux-x64', '@oven/bun-linux-x64-baseline', '@oven/bun-linux-aarch64'];
  const found = peerBinary(packages, 'bin/bun');
  if (!found) return { absent: 'not installed in bench/peers: npm has no Bun that runs here' };
  return { ...found, command: (work) => [found.path, program('bun.mjs'), work], collects: true };
}

function deno(): Server {
  const found = peerBinary(['@deno/linux-x64-glibc', '@deno/linux-arm64-glibc'], 'deno');
  if (!found) return { absent: 'not installed in bench/peers: npm has no Deno that runs here' };
  const flags = ['--no-config', '--allow-net', '--unstable-net', '--v8-flags=--expose-gc'];
  const environment = { DENO_NO_UPDATE_CHECK: '1', DENO_NO_PROMPT: '1' };
  return {
    ...found,
    command: (work) => [found.path, 'run', ...flags, program('deno.mjs'), work],
    collects: true,
    onV8: true,
    environment,
  };
}

/** The first of `packages` whose program starts on this machine. */
function peerBinary(packages: readonly string[], name: string): { path: string; version: string } | undefined {
  for (const one of packages) {
    const path = join(PEERS, 'node_modules', one, name);
    const version = existsSync(path) ? run(path, ['--version'])?.match(/\d+\.\d+\.\d+/)?.[0] : undefined;
    if (version !== undefined) return { path, version };
  }
  return undefined;
}

function pythons(): Record<'python' | 'asyncio' | 'streams' | 'uvloop', Server> {
  const plain = findPython('sys.version.split()[0]');
  const uvloop = findPython('uvloop.__version__');
  const server = (found: ReturnType<typeof findPython>, flavour: string, absent: string): Server =>
    found
      ? {
          command: (work) => [found.path, program('python_server.py'), flavour, work],
          version: found.version,
          collects: true,
        }
      : { absent };
  return {
    python: server(plain, 'epoll', 'no python3'),
    asyncio: server(plain, 'protocol', 'no python3'),
    streams: server(plain, 'streams', 'no python3'),
    uvloop: server(uvloop, 'uvloop', 'not installed: no python3 here imports uvloop (Debian: python3-uvloop)'),
  };
}

/** The program itself, not a shim that starts it. The system's own python3 is where its packages are. */
function findPython(version: string): { path: string; version: string } | undefined {
  const module = version.split('.')[0] ?? '';
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = run(python, ['-c', `import sys, ${module}; print(sys.executable, ${version})`])?.split(' ');
    if (found?.[0] && found[1]) return { path: found[0], version: found[1] };
  }
  return undefined;
}

function run(command: string, args: string[], environment: NodeJS.ProcessEnv = {}): string | undefined {
  const env = { ...process.env, ...environment };
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000, cwd: ROOT, env });
  return status === 0 ? stdout.trim() : undefined;
}
