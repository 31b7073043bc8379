import { expect, test } from '@jest/globals';
import { SocketError } from 'bsd-sockets';
import { execFileSync, spawnSync } from 'node:child_process';
import { native } from '../lib/native.js';

const compiler = process.platform === 'linux' && spawnSync('cpp', ['--version']).status === 0;
const withCompiler = compiler ? test : test.skip;
const why = compiler ? '' : ' (skipped: there is no cpp, or this is not Linux)';

withCompiler(`every errno of the system's headers has its name there${why}`, () => {
  const defines = execFileSync('cpp', ['-dM'], { input: '#include <errno.h>\n', encoding: 'utf8' });
  const numbers = [...defines.matchAll(/^#define (E[A-Z0-9]+) (\d+)$/gm)].map(
    ([, name, number]) => [name as string, Number(number)] as const,
  );
  expect(numbers.length).toBeGreaterThan(120);
  expect(numbers.filter(([name, number]) => native.errnos[name] !== number)).toEqual([]);
  expect(numbers.filter(([name, number]) => new SocketError('bind', -number).code !== name)).toEqual([]);
});

test('of two names of one errno the usual one is told, with words', () => {
  const { EAGAIN = 0, EWOULDBLOCK, EOPNOTSUPP = 0, ETOOMANYREFS = 0 } = native.errnos;
  expect(EWOULDBLOCK).toBe(EAGAIN);
  expect(new SocketError('recv', -EAGAIN).message).toBe('recv EAGAIN: resource temporarily unavailable');
  expect(new SocketError('listen', EOPNOTSUPP).message).toBe('listen EOPNOTSUPP: operation not supported on socket');
  expect(new SocketError('sendmsg', ETOOMANYREFS).message).toMatch(/^sendmsg ETOOMANYREFS: too many references/);
});

test('a number that is no errno is told as a number', () => {
  expect(new SocketError('bind', -4000)).toMatchObject({ code: 'E4000', message: 'bind E4000: error 4000' });
});

test('a link-local address without its interface: the error says that one is needed, and with one there is none', () => {
  const refused = new SocketError('bind', -22, { family: 'IPv6', address: 'fe80::1', port: 0 });
  expect(refused.message).toMatch(
    /^bind EINVAL: .* \(a link-local address needs its interface: 'fe80::1%eth0', or scopeid\)$/,
  );
  for (const address of [
    { family: 'IPv6', address: 'fe80::1%lo', port: 0 },
    { family: 'IPv6', address: 'fe80::1', port: 0, scopeid: 1 },
    { family: 'IPv6', address: '::1', port: 0 },
  ] as const) {
    expect(new SocketError('bind', -22, address).message).not.toContain('interface');
  }
});

/** Runs a script in a network namespace of its own, where nothing is up and nobody may ping. */
function inNewNamespace(script: string, ...as: string[]): string {
  const args = ['-rn', process.execPath, '--input-type=module', '-e', script];
  if (as.length > 0) args.splice(1, 0, ...as);
  const { stdout, stderr } = spawnSync('unshare', args, {
    encoding: 'utf8',
    cwd: import.meta.dirname,
    timeout: 30_000,
  });
  return stdout + stderr;
}
const messageOf = (call: string): string =>
  `import * as s from 'bsd-sockets'; try { ${call}; console.log('no error') } catch (error) { console.log(error.message) }`;
const namespaces = process.platform === 'linux' && spawnSync('unshare', ['-rn', 'true']).status === 0;
const inside = namespaces ? test : test.skip;
const unless = namespaces ? '' : ' (skipped: unshare(1) makes no network namespace here)';

inside(`ICMP without the right to it: the error says what gives it${unless}`, () => {
  const ping = 's.socket(s.AF_INET, s.SOCK_DGRAM, s.IPPROTO_ICMP)';
  expect(inNewNamespace(messageOf(ping))).toBe(
    "socket EACCES: permission denied (no group may ping here: sysctl -w net.ipv4.ping_group_range='0 2147483647')\n",
  );
  const some = `import { writeFileSync } from 'node:fs'; writeFileSync('/proc/sys/net/ipv4/ping_group_range', '0 0');`;
  expect(inNewNamespace(some + messageOf(ping))).toBe('no error\n');
});

inside(`a raw socket without CAP_NET_RAW: the error names it${unless}`, () => {
  const raw = (protocol: string): string => messageOf(`s.socket(s.AF_INET, s.SOCK_RAW, s.${protocol})`);
  const without = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
  expect(inNewNamespace(raw('IPPROTO_ICMP'), ...without)).toBe(
    'socket EPERM: operation not permitted (SOCK_RAW needs CAP_NET_RAW; SOCK_DGRAM pings without it)\n',
  );
  expect(inNewNamespace(raw('IPPROTO_UDP'), ...without)).toContain(' (SOCK_RAW needs CAP_NET_RAW)\n');
  expect(inNewNamespace(raw('IPPROTO_ICMP'))).toBe('no error\n');
});

inside(`127.0.0.1 while no loopback interface is up: the error says so${unless}`, () => {
  const address = "{ family: 'IPv4', address: '127.0.0.1', port: 80 }";
  const hint = ' 127.0.0.1:80 (no loopback interface is up here: ip link set lo up)\n';
  expect(inNewNamespace(messageOf(`s.connect(s.socket(s.AF_INET, s.SOCK_STREAM), ${address})`))).toBe(
    `connect ENETUNREACH: network is unreachable${hint}`,
  );
});
