import { describe, expect, test } from '@jest/globals';
import { explainBind } from '../../lib/doctor/rule/bind-rule.js';
import type { ExistingSocket, WantedBind } from '../../lib/doctor/rule/relation.js';

const OLD: ExistingSocket = {
  address: '127.0.0.1',
  port: 8080,
  state: 'LISTEN',
  reuseaddr: false,
  reuseport: false,
  uid: 1000,
  interfaceIndex: 0,
  orphan: false,
};
const NEW: WantedBind = { address: '127.0.0.1', port: 8080, uid: 1000 };
const FLAGS = [
  {},
  { reuseaddr: true },
  { reuseport: true },
  { reuseaddr: true, reuseport: true },
] as const satisfies Partial<WantedBind>[];

const result = (old: Partial<ExistingSocket>, wanted: Partial<WantedBind> = {}): string =>
  explainBind({ ...OLD, ...old }, { ...NEW, ...wanted }).result;
const because = (old: Partial<ExistingSocket>, wanted: Partial<WantedBind> = {}): string =>
  explainBind({ ...OLD, ...old }, { ...NEW, ...wanted }).because;
const marks = (old: Partial<ExistingSocket>, wanted: Partial<WantedBind> = {}): string =>
  FLAGS.map(
    (flags) =>
      ({ ok: '✓', EADDRINUSE: '✗', unknown: '?' })[
        explainBind({ ...OLD, ...old }, { ...NEW, ...wanted, ...flags }).result
      ],
  ).join('');

describe('the flags: the new socket with none, SO_REUSEADDR, SO_REUSEPORT, both', () => {
  const STATES = ['CLOSE', 'ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT2', 'TIME_WAIT'] as const;

  test.each([
    [{}, '✗✗✗✗'],
    [{ reuseaddr: true }, '✗✗✗✗'],
    [{ reuseport: true }, '✗✗✓✓'],
    [{ reuseaddr: true, reuseport: true }, '✗✗✓✓'],
  ])('beside a listener with %j', (flags, expected) => {
    expect(marks(flags)).toBe(expected);
  });

  test.each(
    STATES.flatMap((state) => [
      [state, {}, '✗✗✗✗'] as const,
      [state, { reuseaddr: true }, '✗✓✗✓'] as const,
      [state, { reuseport: true }, '✗✗✓✓'] as const,
      [state, { reuseaddr: true, reuseport: true }, '✗✓✓✓'] as const,
    ]),
  )('beside %s with %j', (state, flags, expected) => {
    expect(marks({ state, ...flags })).toBe(expected);
  });

  test.each([
    [{}, '✗✗✗✗'],
    [{ reuseaddr: true }, '✗✓✗✓'],
    [{ reuseport: true }, '✗✗✓✓'],
  ])('beside a UDP socket with %j', (flags, expected) => {
    expect(marks({ protocol: 'udp', state: 'CLOSE', ...flags }, { protocol: 'udp' })).toBe(expected);
  });
});

describe('another user', () => {
  const reuseport = true;

  test('SO_REUSEPORT on both does not help beside a listener of another user', () => {
    expect(result({ reuseport, uid: 1 }, { reuseport })).toBe('EADDRINUSE');
  });

  test('SO_REUSEPORT on both helps beside TIME_WAIT, which belongs to nobody', () => {
    expect(result({ reuseport, uid: 0, state: 'TIME_WAIT' }, { reuseport })).toBe('ok');
  });

  test('and beside FIN_WAIT2, where no process holds it any more', () => {
    const state = 'FIN_WAIT2';
    expect(result({ reuseport, uid: 0, state, orphan: true }, { reuseport })).toBe('ok');
  });

  test('a connection of another user: who bound its port is not known', () => {
    expect(result({ reuseport, uid: 1, state: 'ESTABLISHED' }, { reuseport })).toBe('unknown');
  });

  test('SO_REUSEADDR on both does not ask for the user', () => {
    expect(result({ reuseaddr: true, uid: 1, state: 'CLOSE' }, { reuseaddr: true })).toBe('ok');
  });
});

describe('the addresses', () => {
  const bound = (address: string): Partial<ExistingSocket> => ({
    address,
    ...(address === '::' ? { v6only: false } : {}),
  });
  const everything = ['0.0.0.0', '127.0.0.1', '127.0.0.2', '::', '::1', '::ffff:127.0.0.1', '::ffff:0.0.0.0'];

  test.each([
    ['0.0.0.0', ['0.0.0.0', '127.0.0.1', '127.0.0.2', '::', '::ffff:127.0.0.1', '::ffff:0.0.0.0']],
    ['127.0.0.1', ['0.0.0.0', '127.0.0.1', '::', '::ffff:127.0.0.1', '::ffff:0.0.0.0']],
    ['::', everything],
    ['::1', ['::', '::1']],
    ['::ffff:127.0.0.1', ['0.0.0.0', '127.0.0.1', '::', '::ffff:127.0.0.1', '::ffff:0.0.0.0']],
  ])('%s is in the way of %j and of no other', (address, expected) => {
    expect(everything.filter((wanted) => result(bound(address), { address: wanted }) !== 'ok')).toEqual(expected);
    // And the other way round, where both are bound.
    expect(everything.filter((old) => result(bound(old), { address }) !== 'ok')).toContain(address);
  });

  test(':: with IPV6_V6ONLY is in the way of IPv6 only', () => {
    const old = { address: '::', v6only: true };
    expect(everything.filter((address) => result(old, { address }) !== 'ok')).toEqual(['::', '::1']);
    expect(result({ address: '0.0.0.0' }, { address: '::', v6only: true })).toBe('ok');
  });

  test('whether :: takes IPv4 is asked only for IPv4', () => {
    expect(result({ address: '::' }, { address: '0.0.0.0' })).toBe('unknown');
    expect(result({ address: '::' }, { address: '::1' })).toBe('EADDRINUSE');
  });

  test('an IPv6 connection that came to :: is in the way of 0.0.0.0, one that came to ::1 is not', () => {
    const old = { address: '::1', state: 'ESTABLISHED' } as const;
    expect(result({ ...old, v6only: false }, { address: '0.0.0.0' })).toBe('EADDRINUSE');
    expect(result({ ...old, v6only: true }, { address: '0.0.0.0' })).toBe('ok');
    expect(result(old, { address: '0.0.0.0' })).toBe('unknown');
    expect(result(old, { address: '127.0.0.1' })).toBe('ok');
  });

  test('link-local addresses of two devices are two addresses', () => {
    const old = { address: 'fe80::1', interfaceIndex: 2 };
    expect(result(old, { address: 'fe80::1%2' })).toBe('EADDRINUSE');
    expect(result(old, { address: 'fe80::1%3' })).toBe('ok');
    expect(result(old, { address: 'fe80::1%eth0' })).toBe('unknown');
  });

  test('what is no address is refused: ERR_INVALID_IP_ADDRESS', () => {
    expect(() => result({ address: 'localhost' })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_IP_ADDRESS' }));
  });
});

describe('what keeps sockets apart', () => {
  test.each([
    ['another port', { port: 8081 }, {}],
    ['another protocol', { protocol: 'udp', state: 'CLOSE' }, {}],
    ['another device', { interfaceIndex: 1 }, { interfaceIndex: 2 }],
    ['port 0: the kernel chooses', {}, { port: 0 }],
  ] as const)('%s', (_, old, wanted) => {
    expect(result(old, wanted)).toBe('ok');
  });

  test('a socket that is bound to no device uses them all', () => {
    expect(result({ interfaceIndex: 0 }, { interfaceIndex: 2 })).toBe('EADDRINUSE');
    expect(result({ interfaceIndex: 1 }, {})).toBe('EADDRINUSE');
  });

  test('a port that is not told is the same port', () => {
    expect(explainBind({ address: '::1', state: 'LISTEN', reuseport: false }, { address: '::1' }).result).toBe(
      'EADDRINUSE',
    );
  });

  test('a connection that is being made holds no port, its listener does', () => {
    expect(result({ state: 'NEW_SYN_RECV' })).toBe('ok');
    const listener = { ...OLD, reuseport: true };
    const both = [listener, { ...OLD, state: 'SYN_RECV' as const }];
    expect(explainBind(both, { ...NEW, reuseport: true }).result).toBe('ok');
  });
});

describe('what is not known', () => {
  test('makes the answer unknown where it depends on it', () => {
    const state = 'TIME_WAIT';
    const unknown = { state, reuseaddr: undefined as never, reuseport: undefined as never } as const;
    expect(marks(unknown)).toBe('✗???');
    expect(marks({ state: 'LISTEN', reuseaddr: undefined as never })).toBe('✗✗✗✗');
    expect(because(unknown, { reuseaddr: true })).toBe(
      'There is a closed connection of 127.0.0.1:8080 that is kept for a minute (TIME_WAIT), and it is not known whether it has SO_REUSEADDR.',
    );
  });

  test('what decides in any case is told in any case', () => {
    const unknown = { address: '127.0.0.1', state: 'TIME_WAIT' } as const;
    const { result: answer, culprits } = explainBind([unknown, OLD], { ...NEW, reuseaddr: true });
    expect(answer).toBe('EADDRINUSE');
    expect(culprits).toEqual([OLD]);
  });

  test('the order of binds: an SO_REUSEPORT bind that was let pass lets the next one pass', () => {
    const first = { ...OLD, state: 'CLOSE', reuseaddr: true } as const;
    const second = { ...first, reuseport: true };
    expect(explainBind([first, second], { ...NEW, reuseport: true }).result).toBe('unknown');
    expect(explainBind([first, second], { ...NEW, reuseaddr: true, reuseport: true }).result).toBe('ok');
    expect(explainBind([first], { ...NEW, reuseport: true }).result).toBe('EADDRINUSE');
  });

  test('such a bind lets pass what it takes in, and not more', () => {
    const [one, every] = [{ address: '127.0.0.1' }, { address: '0.0.0.0' }];
    const old = { ...OLD, state: 'CLOSE', reuseaddr: true } as const;
    const pass = (first: object, second: object, wanted: object): string =>
      explainBind(
        [
          { ...old, ...first },
          { ...old, reuseport: true, ...second },
        ],
        {
          ...NEW,
          reuseport: true,
          ...wanted,
        },
      ).result;
    expect(pass(one, every, one)).toBe('unknown');
    expect(pass(every, one, every)).toBe('EADDRINUSE');
    expect(pass(one, { ...every, uid: 1 }, one)).toBe('EADDRINUSE');
    expect(pass({ ...one, state: 'LISTEN' }, every, one)).toBe('EADDRINUSE');
    // The kernel's shorter comparison takes :: for 0.0.0.0, and so does not see ::1.
    expect(pass({ address: '::1', state: 'LISTEN' }, every, { address: '::' })).toBe('unknown');
  });

  test('the order of UDP sockets: only one of them is looked at', () => {
    const first = { ...OLD, protocol: 'udp', state: 'CLOSE', reuseaddr: true } as const;
    const second = { ...first, reuseport: true };
    const wanted = { ...NEW, protocol: 'udp', reuseport: true } as const;
    expect(explainBind([first, second], wanted).result).toBe('unknown');
    expect(explainBind([second, second], wanted).result).toBe('ok');
  });
});

describe('what is told', () => {
  test('the call: bind, or listen where it is bound already', () => {
    expect(explainBind(OLD, { ...NEW, listen: true })).toMatchObject({ result: 'EADDRINUSE', at: 'bind' });
    expect(explainBind([], { ...NEW, listen: true })).toMatchObject({ result: 'ok', at: 'listen' });
    expect(explainBind([], NEW)).toMatchObject({ result: 'ok', at: 'bind' });
    const bound = { ...NEW, reuseaddr: true, listen: true, bound: true };
    expect(explainBind({ ...OLD, reuseaddr: true }, bound)).toMatchObject({ result: 'EADDRINUSE', at: 'listen' });
  });

  const LISTENER = 'a socket that listens on 127.0.0.1:8080 (LISTEN)';
  const TIME_WAIT = 'a closed connection of 127.0.0.1:8080 that is kept for a minute (TIME_WAIT)';
  const [A, P] = [{ reuseaddr: true }, { reuseport: true }];

  test.each([
    [
      {},
      {},
      `In the way is ${LISTENER}: neither socket has SO_REUSEADDR or SO_REUSEPORT, and one of them is needed on both.`,
    ],
    [A, A, `In the way is ${LISTENER}: SO_REUSEADDR does not help while the old socket listens.`],
    [
      P,
      A,
      `In the way is ${LISTENER}: SO_REUSEADDR does not help while the old socket listens; the new socket lacks SO_REUSEPORT.`,
    ],
    [
      { reuseport: true, uid: 1 },
      P,
      `In the way is ${LISTENER}: both sockets have SO_REUSEPORT but belong to different users.`,
    ],
    [{ state: 'TIME_WAIT' }, A, `In the way is ${TIME_WAIT}: the old socket lacks SO_REUSEADDR.`],
    [
      { state: 'TIME_WAIT', reuseaddr: true },
      {},
      `In the way is ${TIME_WAIT}: the new socket has neither SO_REUSEADDR nor SO_REUSEPORT, and one of them is needed on both.`,
    ],
    [
      { state: 'CLOSE', address: '0.0.0.0' },
      P,
      'In the way is a socket that is bound to 0.0.0.0:8080 but does not listen (CLOSE), which overlaps with 127.0.0.1:8080: the old socket lacks SO_REUSEPORT.',
    ],
    [
      { state: 'TIME_WAIT', reuseaddr: true },
      A,
      'A closed connection of 127.0.0.1:8080 that is kept for a minute (TIME_WAIT) is there, but both sockets have SO_REUSEADDR and the old one does not listen.',
    ],
    [
      P,
      P,
      'A socket that listens on 127.0.0.1:8080 (LISTEN) is there, but both sockets have SO_REUSEPORT and belong to the same user.',
    ],
    [
      { address: '127.0.0.2' },
      {},
      'Nothing is in the way: 127.0.0.2:8080 and 127.0.0.1:8080 have no address in common.',
    ],
    [{ port: 1 }, {}, 'Nothing is in the way: no other socket holds this port.'],
  ] as const)('%j beside %j', (old, wanted, sentence) => {
    expect(because(old, wanted)).toBe(sentence);
  });

  test('all sockets in the way', () => {
    const { because: sentence, culprits } = explainBind([OLD, OLD, OLD], NEW);
    expect(sentence).toContain('(LISTEN), and 2 more: ');
    expect(culprits).toEqual([OLD, OLD, OLD]);
  });

  test('and of thirty thousand sockets too', () => {
    const many = Array.from({ length: 30_000 }, () => ({ ...OLD, state: 'TIME_WAIT' as const }));
    expect(explainBind(many, { ...NEW, reuseport: true }).culprits).toHaveLength(30_000);
  });
});
