/** The four probes beside the live kernel, which remembers binds with SO_REUSEPORT that were closed. */
import { describe, expect, test } from '@jest/globals';
import { listen } from 'bsd-sockets';
import type { Binds, InetTarget } from '../../lib/doctor/kernel/observation.js';
import { probeBinds, tryBind } from '../../lib/doctor/kernel/probe.js';
import { why } from '../../lib/doctor/why.js';
import { closeNow } from '../support/sockets.js';
import { bound, connected, portInTimeWait, portOf, type Flagged } from './situations.js';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? describe : describe.skip;
const only = isLinux ? '' : ' (skipped: it is the memory of Linux)';
const BUSY = 'EADDRINUSE';

const at = (port: number): InetTarget => ({ protocol: 'tcp', address: { family: 'IPv4', address: '127.0.0.1', port } });
const FLAGS: readonly Flagged[] = [{}, { reuseaddr: true }, { reuseport: true }, { reuseaddr: true, reuseport: true }];

/** The situations of a port in which the flags decide, by their names; each returns the port. */
const SITUATIONS: readonly [string, (flags: Flagged) => number][] = [
  ['a bound socket', (flags) => portOf(bound(flags))],
  [
    'a listener',
    (flags) => {
      const fd = bound(flags);
      listen(fd);
      return portOf(fd);
    },
  ],
  [
    'a connection without its listener',
    (flags) => {
      const { listening, server } = connected(flags);
      closeNow(listening);
      return portOf(server);
    },
  ],
  ['TIME_WAIT', portInTimeWait],
];

/** What each bind says when it is the only one since the port was set up. */
function aloneEach(make: () => number): Binds {
  const alone = (flags: keyof Binds): string => tryBind(at(make()), flags);
  return { none: alone('none'), reuseaddr: alone('reuseaddr'), reuseport: alone('reuseport'), both: alone('both') };
}

onLinux(`the four probes${only}`, () => {
  for (const [name, make] of SITUATIONS) {
    test.each(FLAGS)(`beside ${name} with %j say what each bind says alone, and say it again`, (flags) => {
      const alone = aloneEach(() => make(flags));
      const port = make(flags);
      expect(probeBinds(at(port))).toEqual(alone);
      expect(probeBinds(at(port))).toEqual(alone);
    });
  }

  test.each(FLAGS)('leave behind what they found: beside TIME_WAIT with %j each bind still says the same', (flags) => {
    for (const one of ['none', 'reuseaddr', 'reuseport', 'both'] as const) {
      const port = portInTimeWait(flags);
      const found = probeBinds(at(port));
      expect([one, tryBind(at(port), one)]).toEqual([one, found[one]]);
    }
  });

  test('are not misled by a bind with both flags that was closed before', () => {
    const port = portInTimeWait({ reuseaddr: true });
    expect(tryBind(at(port), 'both')).toBe('ok');
    expect(tryBind(at(port), 'reuseport')).toBe('ok'); // by the kernel's memory alone
    expect(tryBind(at(port), 'both')).toBe('ok'); // that one made it forget nothing
    const { binds, holders } = why({ port, address: '127.0.0.1' });
    expect(binds).toEqual({ none: BUSY, reuseaddr: 'ok', reuseport: BUSY, both: 'ok' });
    expect(holders).toMatchObject([{ state: 'TIME_WAIT', reuseaddr: true, reuseport: false, flagsFrom: 'probes' }]);
    expect(tryBind(at(port), 'reuseport')).toBe(BUSY); // and the memory has gone
  });
});
