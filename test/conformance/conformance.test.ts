/**
 * Every call answers as the kernel answers C: one table of cases for a group of calls, each case verified with C on
 * Linux. The last line says how many cases ran.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import { acceptCases } from './accept.js';
import { bindCases } from './bind.js';
import { bindConflictCases } from './bind-conflict.js';
import { bindWildcardCases } from './bind-wildcards.js';
import type { Case } from './case.js';
import { closeCases } from './close.js';
import { connectCases } from './connect.js';
import { connectDatagramCases } from './connect-datagram.js';
import { connectUnixCases } from './connect-unix.js';
import { ephemeralPortCases } from './ephemeral-ports.js';
import { impossibleCases } from './impossible.js';
import { libraryCases } from './library.js';
import { listenCases } from './listen.js';
import { getpeernameCases, getsocknameCases } from './names.js';
import { setsockoptCases } from './options.js';
import { getsockoptCases } from './options-read.js';
import { outOfBandCases } from './out-of-band.js';
import { pollCases } from './poll.js';
import { promiseCases } from './promises.js';
import { recvCases } from './recv.js';
import { recvMoreCases } from './recv-more.js';
import { recvmsgCases } from './recvmsg.js';
import { reuseCases } from './reuse.js';
import { reusePortCases } from './reuse-port.js';
import { rightsCases } from './rights.js';
import { roundTripCases } from './round-trip.js';
import { sendCases } from './send.js';
import { sendMoreCases } from './send-more.js';
import { sendmsgCases } from './sendmsg.js';
import { sendtoCases } from './sendto.js';
import { shutdownCases } from './shutdown.js';
import { socketCases, socketpairCases } from './socket.js';
import { unixAddressCases } from './unix-addresses.js';
import { unixPathCases } from './unix-paths.js';

const tables: Record<string, Case[]> = {
  socket: socketCases,
  socketpair: socketpairCases,
  bind: bindCases,
  'bind: the rule': bindConflictCases,
  'bind: two addresses': bindWildcardCases,
  SO_REUSEADDR: reuseCases,
  SO_REUSEPORT: reusePortCases,
  'ephemeral ports': ephemeralPortCases,
  listen: listenCases,
  accept: acceptCases,
  connect: connectCases,
  'connect: unix': connectUnixCases,
  'connect: datagrams': connectDatagramCases,
  getsockname: getsocknameCases,
  getpeername: getpeernameCases,
  'unix addresses': unixAddressCases,
  'unix paths': unixPathCases,
  close: closeCases,
  send: sendCases,
  'send: more': sendMoreCases,
  sendto: sendtoCases,
  recv: recvCases,
  'recv: more': recvMoreCases,
  'urgent data': outOfBandCases,
  'round trips': roundTripCases,
  shutdown: shutdownCases,
  poll: pollCases,
  setsockopt: setsockoptCases,
  getsockopt: getsockoptCases,
  sendmsg: sendmsgCases,
  recvmsg: recvmsgCases,
  rights: rightsCases,
  library: libraryCases,
  promises: promiseCases,
  impossible: impossibleCases,
};

const all = Object.values(tables).flat();
const skipped = all.filter(({ skip }) => skip !== undefined);

afterAll(() => {
  process.stderr.write(
    `conformance: ${String(all.length - skipped.length)} cases ran, ${String(skipped.length)} skipped\n`,
  );
});

describe.each(Object.entries(tables))('%s', (_, cases) => {
  for (const { id, what, run, expected, skip } of cases) {
    if (skip === undefined) {
      test(`${id}: ${what}`, async () => {
        expect(await run()).toEqual(expected);
      });
    } else test.skip(`${id}: ${what}: skipped, ${skip}`, () => undefined);
  }
});

test('no case is there twice', () => {
  const ids = all.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
