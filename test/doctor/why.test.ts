import { describe, expect, test } from '@jest/globals';
import { AF_INET6, bind, listen } from 'bsd-sockets';
import { why, type Diagnosis, type Place } from 'bsd-sockets/doctor';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { AS_NOBODY } from '../conformance/processes.js';
import { freePorts } from '../reuse/leftovers.js';
import { whyNoDescriptorsOfOthers } from '../support/other-process.js';
import { openSockets } from '../support/peers.js';
import { runScript } from '../support/scripts.js';
import { closeNow, tcp } from '../support/sockets.js';
import {
  bound,
  boundUdp,
  connected,
  heir,
  listeningProgram,
  portInFinWait1,
  portInTimeWait,
  portOf,
} from './situations.js';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;
const only = isLinux ? '' : ' (skipped: Linux only)';
const noFlags = whyNoDescriptorsOfOthers();
const BUSY = 'EADDRINUSE';
const NO_BIND = { none: BUSY, reuseaddr: BUSY, reuseport: BUSY, both: BUSY };
const ANY_BIND = { none: 'ok', reuseaddr: 'ok', reuseport: 'ok', both: 'ok' };

/** On this address alone: other tests' connections may have the same port on others. */
const at = (port: number): { port: number; address: string } => ({ port, address: '127.0.0.1' });
const commands = ({ advice }: Diagnosis): string => advice.map((one) => one.do).join('\n');

/** What the package says to a user without rights. */
async function asNobody(place: Place): Promise<Diagnosis> {
  const script = runScript(`
    import { why } from 'bsd-sockets/doctor';
    ${AS_NOBODY}
    console.log(JSON.stringify(why(${JSON.stringify(place)})));
  `);
  const { stdout, stderr } = await script.ended;
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Diagnosis;
}

describe('why, of a port with nothing in the way,', () => {
  test('says that every bind works, and has no advice', () => {
    const port = freePorts();
    expect(why(port)).toMatchObject({
      port,
      host: '::',
      protocol: 'tcp',
      verdict: 'free',
      binds: ANY_BIND,
      bindsIPv4: ANY_BIND,
      holders: [],
      freeInMs: 0,
      advice: [],
    });
  });

  test('leaves nothing behind: no descriptor, and the port as free as it was', () => {
    const port = freePorts();
    const before = openSockets();
    why(port);
    expect(openSockets()).toEqual(before);
    expect(why(port).binds).toEqual(ANY_BIND);
  });

  onLinux(`tells of a socket on an address that does not overlap, which is not in the way${only}`, () => {
    const fd = tcp(AF_INET6);
    const port = freePorts();
    bind(fd, { family: 'IPv6', address: '::1', port });
    listen(fd);
    const diagnosis = why({ port, address: '0.0.0.0' });
    expect(diagnosis).toMatchObject({ verdict: 'free', holders: [], others: [{ local: { address: '::1' } }] });
    expect(why({ port, address: '::' })).toMatchObject({ verdict: 'listening', others: [] });
  });

  onLinux(
    `answers for listen(port) of Node: a server on ::1 is in the way of a port without an address${only}`,
    async () => {
      const fd = tcp(AF_INET6);
      const port = freePorts();
      bind(fd, { family: 'IPv6', address: '::1', port });
      listen(fd);
      const [error] = (await once(createServer().listen(port), 'error').catch((e: unknown) => [e])) as [
        { code: string },
      ];
      expect(error.code).toBe(BUSY);
      const diagnosis = why(port);
      expect(diagnosis).toMatchObject({ verdict: 'listening', host: '::', binds: NO_BIND, bindsIPv4: ANY_BIND });
      expect(diagnosis.holders).toMatchObject([{ local: { address: '::1' } }]);
      expect(diagnosis.notes.join()).toContain('IPv4 alone would be free');
      expect(why({ port })).toMatchObject({ verdict: 'listening' });
      expect(why({ port, family: 'IPv4' })).toMatchObject({ verdict: 'free', host: '0.0.0.0' });
    },
  );
});

describe('why, of a port in TIME_WAIT,', () => {
  onLinux(`knows from the binds that it was left without a flag, and advises to wait${only}`, () => {
    const diagnosis = why(at(portInTimeWait()));
    expect(diagnosis).toMatchObject({
      verdict: 'expiring',
      binds: NO_BIND,
      holders: [
        {
          state: 'TIME_WAIT',
          inode: 0,
          reuseaddr: false,
          reuseport: false,
          flagsFrom: 'probes',
          expiresInMs: expect.any(Number),
        },
      ],
    });
    expect(diagnosis.freeInMs).toBe(diagnosis.holders[0]?.expiresInMs);
    expect(commands(diagnosis)).toContain('--watch');
    expect(commands(diagnosis)).not.toContain('setsockopt');
  });

  onLinux(`knows that it was left with SO_REUSEADDR, and advises to set it${only}`, () => {
    const diagnosis = why(at(portInTimeWait({ reuseaddr: true })));
    expect(diagnosis.binds).toEqual({ none: BUSY, reuseaddr: 'ok', reuseport: BUSY, both: 'ok' });
    expect(diagnosis.holders).toMatchObject([{ reuseaddr: true, reuseport: false, flagsFrom: 'probes' }]);
    expect(diagnosis.advice[0]?.do).toContain('SO_REUSEADDR, true');
  });

  onLinux(`knows that it was left with SO_REUSEPORT, and advises to set that${only}`, () => {
    const diagnosis = why(at(portInTimeWait({ reuseport: true })));
    expect(diagnosis.binds).toEqual({ none: BUSY, reuseaddr: BUSY, reuseport: 'ok', both: 'ok' });
    expect(diagnosis.holders).toMatchObject([{ reuseaddr: false, reuseport: true }]);
    expect(commands(diagnosis)).not.toContain('SO_REUSEADDR');
  });
});

describe('why, of a port that a program has,', () => {
  onLinux(`names the listener: process, command, user and time${only}`, async () => {
    const { program, port } = await listeningProgram();
    const diagnosis = why(at(port));
    expect(diagnosis).toMatchObject({
      verdict: 'listening',
      binds: NO_BIND,
      freeInMs: null,
      holders: [{ state: 'LISTEN', pid: program.child.pid, command: expect.any(String), uid: process.geteuid?.() }],
    });
    expect(diagnosis.holders[0]?.commandLine).toContain(process.execPath);
    expect(commands(diagnosis)).toContain(`kill ${String(program.child.pid)}`);
  });

  const withFlags = noFlags === '' ? test : test.skip;
  withFlags(`reads from its socket which flags it has${noFlags && ` (skipped: ${noFlags})`}`, async () => {
    const { port } = await listeningProgram(); // net.Server sets SO_REUSEADDR
    expect(why(at(port)).holders).toMatchObject([{ reuseaddr: true, reuseport: false, flagsFrom: 'socket' }]);
  });

  onLinux(`names every process that has the listener, a child that it leaked into as well${only}`, async () => {
    const fd = bound();
    listen(fd);
    const port = portOf(fd);
    const child = await heir(fd);
    const both = why(at(port));
    expect(both.holders.map(({ pid }) => pid).sort()).toEqual([process.pid, child.pid].sort());
    expect(new Set(both.holders.map(({ inode }) => inode)).size).toBe(1);
    closeNow(fd);
    const leaked = why(at(port));
    expect(leaked).toMatchObject({ verdict: 'listening', holders: [{ pid: child.pid, command: 'sleep' }] });
    await child.end();
    expect(why(at(port)).verdict).toBe('free');
  });

  onLinux(`does not tell this process to kill itself${only}`, () => {
    const fd = bound();
    listen(fd);
    const diagnosis = why(at(portOf(fd)));
    expect(commands(diagnosis)).toContain('close(fd)');
    expect(commands(diagnosis)).not.toContain('kill');
  });

  onLinux(
    `tells a socket that is bound and no more; with SO_REUSEADDR on both, that only one can listen${only}`,
    () => {
      const plain = why(at(portOf(bound())));
      expect(plain).toMatchObject({ verdict: 'bound', binds: NO_BIND, holders: [{ reuseaddr: false }] });
      const flagged = why(at(portOf(bound({ reuseaddr: true }))));
      expect(flagged.binds).toMatchObject({ none: BUSY, reuseaddr: 'ok' });
      expect(flagged.advice.find((one) => one.do.includes('SO_REUSEADDR'))?.because).toContain('listen()');
    },
  );

  onLinux(`knows an outgoing connection${only}`, () => {
    const { client, listening } = connected();
    const diagnosis = why(at(portOf(client)));
    expect(diagnosis).toMatchObject({
      verdict: 'outgoing',
      binds: NO_BIND,
    });
    // The port that connect() chose may be in TIME_WAIT too, of another connection.
    expect(diagnosis.holders.filter(({ state }) => state !== 'TIME_WAIT')).toMatchObject([
      { state: 'ESTABLISHED', outgoing: true, remote: { port: portOf(listening) } },
    ]);
  });

  onLinux(`knows connections that outlived their listener${only}`, () => {
    const { client, server, listening } = connected();
    const port = portOf(server);
    closeNow(listening);
    expect(why(at(port))).toMatchObject({ verdict: 'connected', holders: [{ state: 'ESTABLISHED' }] });
    closeNow(client);
    expect(why(at(port))).toMatchObject({ verdict: 'connected', holders: [{ state: 'CLOSE_WAIT' }] });
  });

  onLinux(`knows what the kernel still closes, which nobody has and no time ends${only}`, () => {
    const { port } = portInFinWait1();
    expect(why(at(port))).toMatchObject({
      verdict: 'connected',
      holders: [{ state: 'FIN_WAIT1', inode: 0 }],
      freeInMs: null,
      summary: expect.stringContaining('the kernel still closes 1 connection'),
      freeWhen: 'When the kernel has closed it, which waits for the other end, nobody can say how long.',
      advice: expect.arrayContaining([expect.objectContaining({ kind: 'wait' })]),
    });
  });

  onLinux(`works for UDP: with SO_REUSEADDR on both, whoever binds last gets the datagrams${only}`, () => {
    const udp = { protocol: 'udp' } as const;
    expect(why(at(portOf(boundUdp())), udp)).toMatchObject({ protocol: 'udp', verdict: 'open', binds: NO_BIND });
    const fd = boundUdp({ reuseaddr: true });
    const diagnosis = why(at(portOf(fd)), udp);
    expect(diagnosis.binds).toMatchObject({ none: BUSY, reuseaddr: 'ok' });
    expect(diagnosis.advice.find((one) => one.do.includes('SO_REUSEADDR'))?.because).toContain('datagrams');
  });

  const isRoot = process.getuid?.() === 0;
  (isLinux && isRoot ? test : test.skip)(
    `says what another user's rights do not show${isLinux && isRoot ? '' : ' (skipped: only root on Linux can be another user)'}`,
    async () => {
      const fd = bound();
      listen(fd);
      const diagnosis = await asNobody(at(portOf(fd)));
      expect(diagnosis).toMatchObject({ verdict: 'listening', holders: [{ state: 'LISTEN', uid: 0, user: 'root' }] });
      expect(diagnosis.holders[0]).not.toHaveProperty('pid');
      expect(diagnosis.notes.join()).toContain('EACCES');
      expect(commands(diagnosis)).toMatch(/sudo \S*node \S*main\.js why/);
    },
  );
});

describe('why, where bind fails for another reason,', () => {
  const start = isLinux ? Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) : 0;
  const noRight = start > 1 ? '' : ' (skipped: port 1 needs no right here)';
  (start > 1 ? test : test.skip)(`tells that a low port needs a right: EACCES${noRight}`, async () => {
    const diagnosis = await asNobody(at(1));
    expect(diagnosis).toMatchObject({ verdict: 'forbidden', binds: { none: 'EACCES', both: 'EACCES' } });
    expect(commands(diagnosis)).toContain('setcap');
    expect(commands(diagnosis)).not.toContain('SO_REUSE');
  });

  test("tells that the address is not this host's, and which are: EADDRNOTAVAIL", () => {
    const diagnosis = why({ port: freePorts(), address: '203.0.113.1' });
    expect(diagnosis).toMatchObject({ verdict: 'not-local', binds: { none: 'EADDRNOTAVAIL' }, holders: [] });
    expect(commands(diagnosis)).toContain('127.0.0.1');
  });
});

const vxlan = (...words: string[]): number | null => spawnSync('ip', ['link', ...words], { stdio: 'ignore' }).status;
const hasVxlan =
  isLinux &&
  spawnSync('unshare', ['-rn', 'ip', 'link', 'add', 'vx', 'type', 'vxlan', 'id', '5', 'dstport', '4789', 'dev', 'lo'])
    .status === 0;
(hasVxlan && process.geteuid?.() === 0 ? test : test.skip)(
  `a UDP port of the kernel itself is no program's${hasVxlan ? '' : ' (skipped: no VXLAN device can be made here)'}`,
  () => {
    const port = freePorts();
    const name = `vx${String(port)}`;
    try {
      expect(vxlan('add', name, 'type', 'vxlan', 'id', '5', 'dstport', String(port), 'dev', 'lo')).toBe(0);
      expect(vxlan('set', name, 'up')).toBe(0);
      const found = why({ port }, { protocol: 'udp' });
      expect(found.summary).toContain('the kernel itself, or a program that cannot be seen from here');
      expect(found.holders).toMatchObject([{ unheld: true }]);
    } finally {
      vxlan('del', name);
    }
  },
);
