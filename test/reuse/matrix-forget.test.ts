import { describe, expect, test } from '@jest/globals';
import { accept, connect, getsockname, recv } from 'bsd-sockets';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { listTcpSockets } from '../../lib/doctor/kernel/observe.js';
import { forgetTimeWaits } from '../../lib/reuse/matrix/forget.js';
import { openSockets } from '../support/peers.js';
import { closeNow, closing, listener, tcp, timed } from '../support/sockets.js';

const why = whyNot();
const able = why === '' ? test : test.skip;
const skipped = why && ` (skipped: ${why})`;

describe('what ends TIME_WAITs', () => {
  able(`ends the one of a connection, whichever end it is at${skipped}`, async () => {
    for (const first of ['server', 'client'] as const) {
      let forgotten = await isForgotten(first);
      // The port of its old peer may be another test's by now: then that TIME_WAIT ends by itself.
      for (let more = 0; more < 5 && !forgotten; more++) forgotten = await isForgotten(first);
      expect(forgotten).toBe(true);
    }
  });

  able(`leaves alone what has its other end on a port that was not given, and opens nothing${skipped}`, () => {
    const { ports, stateOf } = closedBy('server');
    const before = openSockets();
    forgetTimeWaits([ports.server]);
    expect(stateOf('server')).toEqual(['TIME_WAIT']);
    forgetTimeWaits([ports.server, ports.client]);
    expect(openSockets()).toEqual(before);
  });
});

type End = 'server' | 'client';

/** Does a TIME_WAIT that `first` was left in end? */
async function isForgotten(first: End): Promise<boolean> {
  const { ports, stateOf } = closedBy(first);
  expect(stateOf(first)).toEqual(['TIME_WAIT']);
  forgetTimeWaits([ports.server, ports.client]);
  // The answers come at once, but where the machine is busy a moment later.
  for (let turns = 0; turns < 500 && stateOf(first).length > 0; turns++) await nextTurn();
  return stateOf(first).length === 0;
}

/** A connection that was closed by one end first: TIME_WAIT is there. */
function closedBy(first: End): { ports: Record<End, number>; stateOf: (end: End) => string[] } {
  const { fd, address } = listener();
  const client = tcp();
  connect(client, address);
  const ends = { client, server: timed(closing(accept(fd).fd), 5000) };
  closeNow(fd);
  const portOf = (end: End): number => (getsockname(ends[end]) as { port: number }).port;
  const ports = { server: portOf('server'), client: portOf('client') };
  const second = first === 'server' ? 'client' : 'server';
  closeNow(ends[first]);
  recv(ends[second], Buffer.alloc(1));
  closeNow(ends[second]);
  const stateOf = (end: End): string[] =>
    listTcpSockets({ port: ports[end] })
      .filter(({ remote }) => remote.port === ports[end === 'server' ? 'client' : 'server'])
      .map(({ state }) => state);
  return { ports, stateOf };
}

/** Why TIME_WAIT cannot be ended here; '' where it can. */
function whyNot(): string {
  if (process.platform !== 'linux') return 'Linux only';
  const setting = readFileSync('/proc/sys/net/ipv4/tcp_rfc1337', 'utf8').trim();
  return setting === '0' ? '' : `net.ipv4.tcp_rfc1337 is ${setting}`;
}
