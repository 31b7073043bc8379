/** Listeners and connections, given and taken. */
import { close } from '../index.js';
import { MOST_BYTES, type Channel } from './channel.js';

/** A connection between two services. */
export interface HeldConnection {
  fd: number;
  unread: Uint8Array;
  data?: unknown;
}

/** Gives the listeners, by name, and the one that this process is found by. They stay the caller's too. */
export async function giveListeners(
  channel: Channel,
  held: ReadonlyMap<string, number>,
  control: number,
): Promise<void> {
  for (const [name, fd] of held) await channel.tell({ type: 'listener', name }, fd);
  await channel.tell({ type: 'control' }, control);
  await channel.tell({ type: 'listenersEnd' });
}

/** Gives connections with what was received and not read, and lets the other process begin. */
export async function giveConnections(channel: Channel, connections: readonly HeldConnection[]): Promise<void> {
  for (const { fd, unread, data } of connections) {
    await channel.tell({ type: 'connection', data }, fd);
    for (let at = 0; at < unread.length; at += MOST_BYTES) {
      await channel.tell({ type: 'unread' }, undefined, unread.subarray(at, at + MOST_BYTES));
    }
  }
  await channel.tell({ type: 'go' });
}

/** Says ready, and takes connections until the process before says go. Where that has died, what came is all. */
export async function takeConnections(channel: Channel): Promise<HeldConnection[]> {
  const taken: HeldConnection[] = [];
  try {
    await channel.tell({ type: 'ready' });
    for (let got = await channel.hear(); got && got.note.type !== 'go'; got = await channel.hear()) {
      const { note, bytes, fd } = got;
      const last = taken.at(-1);
      if (note.type === 'connection' && fd !== undefined) taken.push({ fd, unread: bytes, data: note.data });
      else if (note.type === 'unread' && last) last.unread = Buffer.concat([last.unread, bytes]);
    }
    return taken;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE' || code === 'ECONNRESET') return taken;
    closeAll(taken.map(({ fd }) => fd));
    throw error;
  }
}

/** Closes descriptors. */
export function closeAll(fds: Iterable<number>): void {
  for (const fd of fds) close(fd);
}
