/** The addresses of those who send datagrams: plain objects, known again without being shared. */
import { expect, test } from '@jest/globals';
import type { SocketAddress } from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import assert from 'node:assert';
import { udp } from '../support/owned.js';

type Sender = SocketAddress | null;

/** A datagram from each sender; whom `receive` names. */
async function sendersOf(senders: readonly Socket[], to: Socket, receive: () => Promise<Sender>): Promise<Sender[]> {
  const told: Sender[] = [];
  for (const sender of senders) {
    await sender.sendto(Buffer.from('x'), to.getsockname());
    told.push(await receive());
  }
  return told;
}

test.each(['recvfrom', 'datagrams'])('%s gives plain objects, one for each datagram, which answer', async (call) => {
  const [socket, one, other] = [udp(), udp(), udp()];
  const loop = socket.datagrams();
  const receive = async (): Promise<Sender> => {
    if (call === 'recvfrom') return (await socket.recvfrom(Buffer.alloc(8))).address;
    const { value } = await loop.next();
    return value?.address ?? null;
  };
  const senders = [one, other, one, other, one];
  const told = await sendersOf(senders, socket, receive);
  assert.deepStrictEqual(
    told,
    senders.map((sender) => sender.getsockname()),
  );
  expect(JSON.stringify(told[0])).toBe(JSON.stringify(one.getsockname()));
  expect(new Set(told).size).toBe(told.length);
  const [, , again] = told;
  Object.assign(told[0] as object, { port: 1, address: '127.0.0.9' });
  assert.deepStrictEqual(again, one.getsockname());
  await socket.sendto(Buffer.from('back'), one.getsockname());
  await socket.sendto(Buffer.from('back'), again);
  const back = [await one.recvfrom(Buffer.alloc(8)), await one.recvfrom(Buffer.alloc(8))];
  expect(back.map(({ bytesRead }) => bytesRead)).toEqual([4, 4]);
});
