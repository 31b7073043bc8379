/** Ports in every situation: made for real, on loopback. What is open is closed after the test. */
import {
  accept,
  AF_INET,
  bind,
  connect,
  getsockname,
  listen,
  setsockopt,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  socket,
  SOL_SOCKET,
} from 'bsd-sockets';
import { afterEach } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeNow, closing, fillBuffers, LOOPBACK, tcp } from '../support/sockets.js';
import { runScript } from '../support/scripts.js';
import type { Program } from '../support/programs.js';

export interface Flagged {
  reuseaddr?: boolean;
  reuseport?: boolean;
}

export function portOf(fd: number): number {
  const address = getsockname(fd);
  if (!('port' in address)) throw new Error('no port');
  return address.port;
}

/** A TCP socket that is bound to a free port of 127.0.0.1. */
export function bound(flags: Flagged = {}, port = 0): number {
  return bindLoopback(tcp(), flags, port);
}

/** A UDP socket that is bound to a free port of 127.0.0.1. */
export function boundUdp(flags: Flagged = {}): number {
  return bindLoopback(closing(socket(AF_INET, SOCK_DGRAM)), flags);
}

function bindLoopback(fd: number, { reuseaddr = false, reuseport = false }: Flagged, port = 0): number {
  if (reuseaddr) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
  if (reuseport) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, true);
  bind(fd, { ...LOOPBACK, port });
  return fd;
}

/** A connection: the listener, and both ends. */
export function connected(flags: Flagged = {}, port = 0): { listening: number; client: number; server: number } {
  const listening = bound(flags, port);
  listen(listening);
  const client = tcp();
  connect(client, getsockname(listening));
  return { listening, client, server: closing(accept(listening).fd) };
}

/** The port of a server that closed its connection first and is gone: TIME_WAIT is on it. */
export function portInTimeWait(flags: Flagged = {}): number {
  const { listening, client, server } = connected(flags);
  const port = portOf(listening);
  for (const fd of [server, client, listening]) closeNow(fd);
  return port;
}

/** A port whose server has gone while the other end, the client, read nothing: what it sent keeps it in FIN_WAIT1. */
export function portInFinWait1(port = 0): { port: number; client: number } {
  const { listening, client, server } = connected({}, port);
  fillBuffers(server);
  const local = portOf(server);
  for (const fd of [server, listening]) closeNow(fd);
  return { port: local, client };
}

/** A program that listens on a port of 127.0.0.1 until its standard input ends. */
export async function listeningProgram(): Promise<{ program: Program; port: number }> {
  const program = runScript(`
    import { createServer } from 'node:net';
    const server = createServer().listen(0, '127.0.0.1', () => console.log('port', server.address().port));
    process.stdin.resume().on('end', () => process.exit());
  `);
  return { program, port: Number((await program.says(/port (\d+)\n/))[1]) };
}

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await endNow(child);
});

async function endNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A program that does nothing, and got a descriptor of ours. */
export async function heir(fd: number): Promise<{ pid: number; end: () => Promise<void> }> {
  const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  children.push(child);
  await once(child, 'spawn');
  return { pid: child.pid ?? 0, end: () => endNow(child) };
}
