import { describe, expect, test } from '@jest/globals';
import { MSG_WAITALL, SOCK_DGRAM } from 'bsd-sockets';
import type { Socket } from 'bsd-sockets/promises';
import { outcome, pair, say, stillWaits, turns } from '../support/owned.js';

const flags = MSG_WAITALL;

/** A recv of ten bytes with MSG_WAITALL, of which the first four have come. */
async function waitingForMore(signal?: AbortSignal): Promise<{
  socket: Socket;
  peer: Socket;
  buffer: Buffer;
  received: Promise<number>;
}> {
  const [socket, peer] = pair();
  const buffer = Buffer.alloc(10, '.');
  const received = socket.recv(buffer, signal ? { flags, signal } : { flags });
  await say(peer, 'some');
  await turns();
  return { socket, peer, buffer, received };
}

describe('recv with MSG_WAITALL', () => {
  test('waits until the buffer is full, however the bytes come', async () => {
    const { peer, buffer, received } = await waitingForMore();
    await stillWaits(received);
    await say(peer, ' more ');
    expect(await received).toBe(10);
    expect(buffer.toString()).toBe('some more ');
  });

  test('gives what came before the end of the stream, and then the end', async () => {
    const { socket, peer, buffer, received } = await waitingForMore();
    peer.close();
    expect(await received).toBe(4);
    expect(buffer.toString()).toBe('some......');
    expect(await socket.recv(buffer, { flags })).toBe(0);
  });

  test('gives what came before it was aborted; with nothing it rejects with the reason', async () => {
    const controller = new AbortController();
    const { socket, buffer, received } = await waitingForMore(controller.signal);
    const nothing = socket.recv(Buffer.alloc(4), { flags, signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await received).toBe(4);
    expect(buffer.toString()).toBe('some......');
    await expect(nothing).rejects.toBe(reason);
  });

  test('gives what came before the socket was closed; with nothing it says ECANCELED', async () => {
    const { socket, received } = await waitingForMore();
    const nothing = outcome(socket.recv(Buffer.alloc(4), { flags }));
    socket.close();
    expect(await received).toBe(4);
    expect(await nothing).toBe('ECANCELED');
  });

  test('takes one datagram, which is whole already', async () => {
    const [socket, peer] = pair(SOCK_DGRAM);
    await say(peer, 'one');
    expect(await socket.recv(Buffer.alloc(10), { flags })).toBe(3);
  });
});
