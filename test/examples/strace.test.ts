// The system calls of our programs beside those of the C programs in test/c, as strace sees them.
import { beforeAll, expect, test } from '@jest/globals';
import { bind, getsockname } from 'bsd-sockets';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, compile, listeningPort, MAIN, run, temporaryFolder, type Program } from '../support/programs.js';
import { closeNow, LOOPBACK, tcp } from '../support/sockets.js';

const probe = spawnSync('strace', ['-qq', '-e', 'trace=none', 'true'], { encoding: 'utf8', timeout: 10_000 });
const lacking =
  probe.error !== undefined
    ? 'skipped, strace is not here'
    : probe.status !== 0
      ? 'skipped, ptrace is not allowed'
      : '';
const withStrace = lacking === '' ? test : test.skip;
const title = (text: string): string => (lacking === '' ? text : `${text}: ${lacking}`);

let folder = '';
beforeAll(() => {
  folder = temporaryFolder();
  compile('server');
  compile('client');
});

/** Runs a program under strace, which writes one file for each thread. What strace leaves behind ends by itself. */
function traced(name: string, program: string, ...args: string[]): Program {
  const events = ['-ff', '-qq', '-s', '64', '-e', 'trace=%network,close'];
  return run('strace', [...events, '-o', join(folder, name), 'timeout', '15', program, ...args]);
}

/** The trace of the thread that made the program's sockets. */
function traceOf(name: string): string {
  const threads = readdirSync(folder).filter((file) => file.startsWith(`${name}.`));
  const traces = threads.map((file) => readFileSync(join(folder, file), 'utf8'));
  return traces.find((text) => /^socket\(AF_INET/m.test(text)) ?? '';
}

/** The calls on the program's own sockets, from socket(2) to the last close(2), with names for their numbers. */
function socketCalls(trace: string): string[] {
  const fds = new Map<string, string>();
  return trace.split('\n').flatMap((line) => {
    const [, call = '', first = '', rest = '', result = ''] = /^(\w+)\((\w+)(.*)\) += (.*)$/.exec(line) ?? [];
    const made = call === 'socket' && first === 'AF_INET';
    const fd = fds.get(first);
    if (!made && fd === undefined) return [];
    if (call === 'close') fds.delete(first);
    if (made || call.startsWith('accept')) fds.set(result, `fd${String(fds.size)}`);
    return [normal(`${call}(${fd ?? first}${rest}) = ${fds.get(result) ?? result}`)];
  });
}

/** Close-on-exec and MSG_NOSIGNAL aside, and without the ports that the kernel chose. */
function normal(line: string): string {
  return line
    .replace(/^accept4\(/, 'accept(')
    .replace(/(\||, )SOCK_CLOEXEC/, '')
    .replace('MSG_NOSIGNAL', '0')
    .replace(/htons\([1-9]\d*\)/, 'htons(PORT)');
}

function freePort(): string {
  const fd = tcp();
  bind(fd, LOOPBACK);
  const { port } = getsockname(fd) as { port: number };
  closeNow(fd);
  return String(port);
}

test('a trace is read as the calls on the sockets of the program, whatever their numbers', () => {
  const trace = `close(18) = 0
socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 18
bind(18, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0
getsockname(1, 0x7ffc, [16]) = 0
accept4(18, {sa_family=AF_INET, sin_port=htons(54850), sin_addr=inet_addr("127.0.0.1")}, [128 => 16], SOCK_CLOEXEC) = 19
close(19)                               = 0
close(18)                               = 0
close(18)                               = -1 EBADF (Bad file descriptor)`;
  expect(socketCalls(trace)).toEqual([
    'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = fd0',
    'bind(fd0, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
    'accept(fd0, {sa_family=AF_INET, sin_port=htons(PORT), sin_addr=inet_addr("127.0.0.1")}, [128 => 16]) = fd1',
    'close(fd1) = 0',
    'close(fd0) = 0',
  ]);
});

const ways: [way: string, port: () => string, reuse: boolean][] = [
  ['without the flag', freePort, false],
  ['with SO_REUSEADDR', freePort, true],
  ['on a port that the kernel chooses', () => '0', false],
];

withStrace.each(ways)(title('our server makes the system calls of the C server, %s'), async (way, port, reuse) => {
  const flag = reuse ? ['reuse'] : [];
  const servers = {
    c: traced(`c ${way}`, compile('server'), port(), ...flag),
    ours: traced(`ours ${way}`, process.execPath, MAIN, 'server', '--port', port(), ...flag.map((name) => `--${name}`)),
  };
  for (const server of [servers.c, servers.ours]) {
    const client = run(compile('client'), [String(await listeningPort(server)), 'hello']);
    expect(await Promise.all([server.ended, client.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
  }
  const calls = socketCalls(traceOf(`c ${way}`));
  expect(calls.map((line) => line.replace(/\(.*/, ''))).toEqual([
    'socket',
    ...(reuse ? ['setsockopt'] : []),
    ...['bind', 'listen'],
    ...(way.includes('kernel') ? ['getsockname'] : []),
    ...['accept', 'recvfrom', 'sendto', 'close', 'close'],
  ]);
  expect(socketCalls(traceOf(`ours ${way}`))).toEqual(calls);
});

withStrace(title('our client makes the system calls of the C client'), async () => {
  for (const name of ['c client', 'ours client']) {
    const server = command('server', '--port', '0');
    const port = String(await listeningPort(server));
    const [file, ...args] =
      name === 'c client' ? [compile('client'), port] : [process.execPath, MAIN, 'client', '--port', port];
    const client = traced(name, file, ...args, 'hello');
    expect(await Promise.all([server.ended, client.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
  }
  const calls = socketCalls(traceOf('c client'));
  expect(calls.map((line) => line.replace(/\(.*/, ''))).toEqual(['socket', 'connect', 'sendto', 'recvfrom', 'close']);
  expect(socketCalls(traceOf('ours client'))).toEqual(calls);
});
