/** A short run of the bind rule beside the live kernel; `npm run test:rule` makes a long one. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { bind, close, getsockname, listen } from 'bsd-sockets';
import { explainBind } from '../../lib/doctor/rule/bind-rule.js';
import { listTcpSockets } from '../../lib/doctor/kernel/observe.js';
import { thrownBy } from '../support/sockets.js';
import { freePort, LiveRule } from './live-rule.js';
import { SEED } from '../support/seed.js';
import { until } from '../support/until.js';
import { LiveSockets, type Kind, type Plan } from './live-sockets.js';
import { made } from './live-sockets-calls.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const CASES = 5000;
const LONGEST_MS = 6000;
const FLAGS = [
  { reuseaddr: true, reuseport: false },
  { reuseaddr: true, reuseport: true },
];
const PLAN: Omit<Plan, 'kind'> = {
  address: '127.0.0.1',
  v6only: false,
  reuseaddr: true,
  reuseport: false,
  uid: process.geteuid?.() ?? 0,
  acceptUid: process.geteuid?.() ?? 0,
  interfaceIndex: 0,
  overIPv4: true,
  turn: 'none',
};

onLinux(`the bind rule${process.platform === 'linux' ? '' : ' (skipped: it is the rule of Linux)'}`, () => {
  const open: number[] = [];
  afterEach(() => open.splice(0).forEach(close));

  test('says of random binds beside random sockets what the kernel says', () => {
    const seed = SEED;
    const rule = new LiveRule();
    const found = rule.check(CASES, seed, performance.now() + LONGEST_MS);
    const { binds, results } = rule;
    process.stderr.write(`bind rule: ${String(binds)} binds, ${JSON.stringify(results)}, seed ${String(seed)}\n`);
    expect(found).toBeNull();
    expect(results.ok).toBeGreaterThan(binds / 5);
    expect(results.EADDRINUSE).toBeGreaterThan(binds / 5);
    // Where the order of the binds or the user of a gone listener decides: see explainBind.
    expect(results.unknown).toBeLessThan(binds / 15);
  }, 60_000);

  test.each([
    ['bound', 'BOUND'],
    ['listening', 'LISTEN'],
    ['established', 'ESTABLISHED'],
    ['FIN_WAIT2', 'FIN_WAIT2'],
    ['orphan', 'FIN_WAIT2'],
    ['CLOSE_WAIT', 'CLOSE_WAIT'],
    ['TIME_WAIT', 'TIME_WAIT'],
    ['outgoing', 'ESTABLISHED'],
  ] as [Kind, string][])(
    'is tested beside what the kernel lists: %s',
    async (kind, state) => {
      const sockets = new LiveSockets(freePort(), [{ ...PLAN, kind }]);
      try {
        const listed = listTcpSockets({ port: sockets.port });
        if (kind === 'bound') {
          // Older kernels list no socket that is bound only.
          expect(listed.every((found) => found.state === 'CLOSE' || found.state === 'BOUND_INACTIVE')).toBe(true);
        } else {
          expect(listed).toMatchObject([{ state, local: { address: '127.0.0.1', port: sockets.port } }]);
          expect(listed[0]?.inode === 0).toBe(sockets.existing[0]?.orphan);
        }
        expect(sockets.existing).toMatchObject([{ state: state.replace('BOUND', 'CLOSE') }]);
      } finally {
        sockets.close();
      }
      await until(() => {
        sockets.endTimeWaits();
        return listTcpSockets({ port: sockets.port }).length === 0;
      });
    },
    60_000,
  );

  test.each(FLAGS.flatMap((old) => FLAGS.map((wanted) => [old, wanted] as const)))(
    'knows that listen fails where the other one, with %j, listens first: the new one has %j',
    (old, wanted) => {
      const options = { address: '127.0.0.1', uid: PLAN.uid };
      const [first, second] = [made({ ...options, ...old }), made({ ...options, ...wanted })] as const;
      open.push(first, second);
      bind(first, { family: 'IPv4', address: '127.0.0.1', port: 0 });
      bind(second, getsockname(first));
      listen(first);
      const existing = { ...options, ...old, state: 'LISTEN', interfaceIndex: 0 } as const;
      const explained = explainBind(existing, { ...options, ...wanted, listen: true, bound: true });
      expect(explained.at).toBe('listen');
      if (explained.result === 'ok') listen(second);
      else expect(thrownBy(() => listen(second)).code).toBe(explained.result);
    },
  );

  test('supposes no closed SO_REUSEPORT bind before: the kernel remembers one', () => {
    const [old, probe, late] = [{ reuseaddr: true }, { reuseaddr: true, reuseport: true }, { reuseport: true }].map(
      (flags) => made({ address: '127.0.0.1', ...flags }),
    ) as [number, number, number];
    open.push(old, late);
    bind(old, { family: 'IPv4', address: '127.0.0.1', port: 0 });
    expect(thrownBy(() => bind(late, getsockname(old))).code).toBe('EADDRINUSE');
    bind(probe, getsockname(old));
    close(probe);
    bind(late, getsockname(old));
  });
});
