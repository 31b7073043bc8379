import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../lib/doctor/diagnose.js';
import type { Diagnosis } from '../../lib/doctor/diagnosis/diagnosis.js';
import type { Observation } from '../../lib/doctor/kernel/observation.js';
import { ASKING_USER, holder, observation, PORT, timeWait } from './observations.js';

const unixTarget = (path = '/tmp/a'): Observation['target'] => ({
  protocol: 'unix',
  address: { family: 'Unix', path },
});
const commands = ({ advice }: Diagnosis): string => advice.map((one) => one.do).join('\n');

describe('the verdict', () => {
  test.each([
    ['free', observation('ok')],
    ['listening', observation('busy', [timeWait(), holder()])],
    ['bound', observation('busy', [holder({ state: 'CLOSE' })])],
    ['connected', observation('busy', [holder({ state: 'CLOSE_WAIT' }), timeWait()])],
    ['outgoing', observation('busy', [holder({ state: 'ESTABLISHED', outgoing: true })])],
    ['expiring', observation('busy', [timeWait(), timeWait()])],
    ['unseen', observation('busy')],
    ['forbidden', observation('EACCES')],
    ['forbidden', observation('EPERM')],
    ['not-local', observation('EADDRNOTAVAIL')],
    ['refused', observation('EMFILE')],
    ['left-behind', observation('busy', [], { target: unixTarget(), pathKind: 'socket', pathInUse: false })],
    ['listening', observation('busy', [holder()], { target: unixTarget(), pathKind: 'socket', pathInUse: true })],
    ['unseen', observation('busy', [], { target: unixTarget(), pathKind: 'socket' })],
    ['not-a-socket', observation('busy', [], { target: unixTarget(), pathKind: 'file' })],
    ['no-folder', observation('ENOENT', [], { target: unixTarget(), pathKind: 'nothing' })],
  ])('is %s', (verdict, seen) => {
    expect(diagnose(seen).verdict).toBe(verdict);
  });

  test('of a UDP port that is in use is open, whatever the state', () => {
    const target = { protocol: 'udp', address: { family: 'IPv4', address: '0.0.0.0', port: PORT } } as const;
    expect(diagnose(observation('busy', [holder({ state: 'CLOSE' })], { target })).verdict).toBe('open');
  });
});

test('of a UDP socket that no process has it is not said that the kernel closes it', () => {
  const target = { protocol: 'udp', address: { family: 'IPv4', address: '0.0.0.0', port: PORT } } as const;
  const { freeWhen, advice } = diagnose(observation('busy', [holder({ state: 'CLOSE', inode: 0 })], { target }));
  expect(freeWhen).not.toContain('kernel');
  expect(advice.map(({ kind }) => kind)).not.toContain('wait');
});

describe('what is in the way', () => {
  test('is what overlaps, and no socket of an address beside it', () => {
    const beside = holder({ local: { address: '127.0.0.2', port: PORT }, inode: 78 });
    const address = { family: 'IPv4', address: '127.0.0.1', port: PORT } as const;
    const diagnosis = diagnose(observation('busy', [holder(), beside], { target: { protocol: 'tcp', address } }));
    expect(diagnosis.holders).toEqual([expect.objectContaining({ inode: 77 })]);
    expect(diagnosis.others).toEqual([beside]);
  });

  test('is an IPv6 wildcard of which nobody knows whether it takes IPv4', () => {
    const wildcard = holder({ local: { address: '::', port: PORT } });
    expect(diagnose(observation('busy', [wildcard])).holders).toHaveLength(1);
    expect(diagnose(observation('ok', [{ ...wildcard, v6only: true }])).others).toHaveLength(1);
  });
});

describe('the flags of a socket that cannot be read', () => {
  const flagsOf = (words: string, ...sockets: Parameters<typeof observation>[1] & object): unknown[] =>
    diagnose(observation(words, sockets)).holders.map(({ reuseaddr, reuseport }) => [reuseaddr, reuseport]);

  test('follow from the binds where it is the only one', () => {
    expect(flagsOf('busy busy busy busy', timeWait())).toEqual([[false, false]]);
    expect(flagsOf('busy ok busy ok', timeWait())).toEqual([[true, false]]);
    expect(flagsOf('busy busy ok ok', timeWait())).toEqual([[false, true]]);
    expect(flagsOf('busy ok ok ok', timeWait())).toEqual([[true, true]]);
  });

  test('are those of all where a bind worked; where it failed, one of several lacks it and nobody knows which', () => {
    expect(flagsOf('busy ok busy ok', timeWait(), timeWait())).toEqual([
      [true, undefined],
      [true, undefined],
    ]);
  });

  test('do not follow where another socket is reason enough: a listener, one that lacks the flag', () => {
    expect(flagsOf('busy', holder({ reuseaddr: true, reuseport: false, flagsFrom: 'socket' }), timeWait())[1]).toEqual([
      undefined,
      undefined,
    ]);
    expect(flagsOf('busy', holder())).toEqual([[undefined, false]]);
    expect(flagsOf('busy', holder({ uid: ASKING_USER + 1 }))).toEqual([[undefined, undefined]]);
  });

  test('do not follow where bind failed for another reason', () => {
    expect(flagsOf('EACCES', timeWait())).toEqual([[undefined, undefined]]);
  });
});

describe('when it will be free', () => {
  test('is when the last TIME_WAIT is over', () => {
    expect(diagnose(observation('busy', [timeWait(), timeWait({ expiresInMs: 100 })])).freeInMs).toBe(43_210);
  });

  test('is not known while a program has it', () => {
    expect(diagnose(observation('busy', [timeWait(), holder()])).freeInMs).toBeNull();
  });
});

describe('the advice', () => {
  const flagLines = { reuseaddr: 'SO_REUSEADDR, true', reuseport: 'SO_REUSEPORT, true' } as const;

  test.each(['busy busy busy busy', 'busy ok busy ok', 'busy busy ok ok', 'busy ok ok ok', 'busy busy busy ok'])(
    'names no flag that has just failed: %s',
    (words) => {
      const cases = [[timeWait()], [holder()], [holder({ state: 'CLOSE' })], [holder({ state: 'ESTABLISHED' })], []];
      for (const sockets of cases) {
        const diagnosis = diagnose(observation(words, sockets));
        for (const flag of ['reuseaddr', 'reuseport'] as const) {
          const line = `Before bind(): setsockopt(fd, SOL_SOCKET, ${flagLines[flag]})`;
          const alone = diagnosis.advice.some((one) => one.do === line);
          expect([words, alone && diagnosis.binds[flag] !== 'ok']).toEqual([words, false]);
        }
        const helps = words.includes('ok');
        expect(commands(diagnosis).includes('setsockopt')).toBe(helps);
      }
    },
  );

  test('is nothing where nothing is in the way', () => {
    expect(diagnose(observation('ok')).advice).toEqual([]);
  });

  test('is to stop all processes that have the socket', () => {
    const sockets = [holder({ pid: 12, command: 'a' }), holder({ pid: 13, command: 'b' })];
    const diagnosis = diagnose(observation('busy', sockets));
    expect(commands(diagnosis)).toContain('kill 12 13');
    expect(diagnosis.notes.join()).toContain('2 processes');
  });

  test('asks root only where the user is not', () => {
    expect(commands(diagnose(observation('busy', [holder()])))).toContain('sudo');
    expect(commands(diagnose(observation('busy', [holder()], { uid: 0 })))).not.toContain('sudo');
  });

  test('repeats the address and the protocol in its commands', () => {
    const address = { family: 'IPv6', address: '::1', port: 53 } as const;
    const diagnosis = diagnose(observation('busy', [], { target: { protocol: 'udp', address } }));
    expect(commands(diagnosis)).toContain('why 53 --host ::1 --udp');
  });

  test('quotes a path for the shell', () => {
    const target = unixTarget("/tmp/it's $HOME");
    const diagnosis = diagnose(observation('busy', [], { target, pathKind: 'socket', pathInUse: false }));
    expect(commands(diagnosis)).toContain(`rm '/tmp/it'\\''s $HOME'`);
  });
});

test('counts a crowd in TIME_WAIT, and tells the flags of each where they follow from the binds', () => {
  const local = { address: '0.0.0.0', port: PORT };
  const crowd = Array.from({ length: 1000 }, (_, i) => timeWait({ local, expiresInMs: 10_000 + i }));
  const flagged = diagnose(observation('busy ok busy ok', crowd));
  expect(flagged).toMatchObject({ verdict: 'expiring', freeInMs: 10_999 });
  expect(flagged.summary).toContain('1,000 connections');
  expect(flagged.holders).toEqual(crowd.map((one) => ({ ...one, reuseaddr: true, flagsFrom: 'probes' })));
  // One of them lacks the flag, and nobody knows which.
  const unflagged = diagnose(observation('busy busy busy busy', crowd));
  expect(unflagged.holders).toEqual(crowd);
  expect(unflagged.notes.join()).toContain('At least one of the connections');
});

test('says when a flag would do now', () => {
  const soon = /^By itself, in 43\.2 s/;
  expect(diagnose(observation('busy busy busy busy', [timeWait()])).freeWhen).toMatch(soon);
  expect(diagnose(observation('busy ok busy ok', [timeWait()])).freeWhen).toMatch(
    /^With SO_REUSEADDR: now\. Without: by itself, in 43\.2 s/,
  );
  expect(diagnose(observation('busy busy ok ok', [timeWait()])).freeWhen).toMatch(/^With SO_REUSEPORT: now\./);
  expect(diagnose(observation('busy busy ok ok', [holder()])).freeWhen).not.toContain('now');
});

test('says where the ports begin that need no right', () => {
  const target = { protocol: 'tcp', address: { family: 'IPv4', address: '0.0.0.0', port: 80 } } as const;
  expect(diagnose(observation('EACCES', [], { target })).summary).toMatch(/^Port 80 is below 1024.*EACCES/);
});

describe('the notes', () => {
  test.each([
    ['sockets', 'EAFNOSUPPORT'],
    ['processes', 'EACCES'],
    ['flags', 'EPERM'],
  ] as const)('say that %s could not be read, and why: %s', (what, code) => {
    const diagnosis = diagnose(observation('busy', [], { unread: [{ what, code }] }));
    expect(diagnosis.notes.some((note) => note.includes(code))).toBe(true);
    expect(diagnosis.verdict).toBe('unseen');
  });

  test('say that a socket without a process may be of a container', () => {
    expect(diagnose(observation('busy', [holder()], { uid: 0 })).notes.join()).toContain('container');
    expect(diagnose(observation('busy', [holder({ pid: 3 })])).notes).toEqual([]);
  });
});

describe('what is said of connections', () => {
  const connection = holder({ state: 'ESTABLISHED', remote: { address: '127.0.0.1', port: 40_000 } });

  test('is either … or, where nobody can know who opened them', () => {
    for (const seen of [observation('busy', [connection]), observation('busy', [timeWait()])]) {
      const { summary, notes, advice } = diagnose(seen);
      expect([summary, ...notes, ...advice.map(({ because }) => because)].join()).not.toMatch(/listener that is gone/);
      expect(notes.join()).toMatch(/Either a server accepted that connection .* or a client opened it/);
    }
  });

  test('is that a client opened them, where that is known', () => {
    expect(diagnose(observation('busy', [{ ...connection, outgoing: true }])).notes.join()).not.toContain('Either');
    expect(diagnose(observation('busy', [timeWait({ outgoing: true })])).notes.join()).toContain('as a client');
  });

  const portRange = [PORT - 1, PORT + 1] as const;
  test.each([
    [
      'and keeps what is reserved already',
      { portRange, reservedPorts: '22,9000-9010' },
      `=22,9000-9010,${String(PORT)}`,
    ],
    ['where nothing is reserved yet', { portRange, reservedPorts: '' }, `=${String(PORT)}`],
    ['not where it is reserved already', { portRange, reservedPorts: '8000-8100' }, undefined],
    ['not where the kernel never gives it to anybody', { portRange: [32_768, 60_999] as const }, undefined],
  ])('advises to reserve the port %s', (_, given, end) => {
    const seen = observation('busy', [{ ...connection, outgoing: true }], given);
    const reserving = diagnose(seen).advice.find((one) => one.do.includes('ip_local_reserved_ports'));
    if (end === undefined) expect(reserving).toBeUndefined();
    else expect(reserving?.do.endsWith(end)).toBe(true);
  });
});

test('of a port that the kernel itself has, both is said: that, and what could not be read', () => {
  const seen = observation('busy', [holder({ unheld: true })], {
    uid: 0,
    unread: [{ what: 'processes', code: 'EACCES' }],
  });
  const notes = diagnose(seen).notes.join();
  expect(notes).toContain('could not be read (EACCES)');
  expect(notes).toContain('ports without any process');
});
