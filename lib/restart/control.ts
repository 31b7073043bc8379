/** The unix socket by which the next process finds this one. */
import { chmodSync, rmSync } from 'node:fs';
import { AF_UNIX, close, SOCK_SEQPACKET } from '../index.js';
import { connect, Socket } from '../promises/index.js';
import { Channel } from './channel.js';
import { closeAll } from './give.js';

/** What the process before has given. */
export interface Taken {
  channel: Channel;
  control: Socket;
  listeners: Map<string, number>;
}

/** Takes the listeners of the process that serves now; undefined where there is none. */
export async function takeListeners(path: string, timeoutMs: number): Promise<Taken | undefined> {
  const socket = await connectTo(path, timeoutMs);
  if (socket === undefined) return undefined;
  const channel = new Channel(socket, timeoutMs);
  const listeners = new Map<string, number>();
  let control: number | undefined;
  try {
    if (!channel.isTrusted) throw new Error(`${path.replace('\0', '@')} belongs to another user`);
    for (let got = await channel.hear(); got !== undefined; got = await channel.hear()) {
      const { note, fd } = got;
      if (note.type === 'listenersEnd' && control !== undefined) {
        return { channel, control: Socket.fromFd(control), listeners };
      }
      if (note.type === 'listener' && fd !== undefined) listeners.set(note.name, fd);
      else if (note.type === 'control') control = fd;
      else if (fd !== undefined) close(fd);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ECONNRESET') {
      drop();
      throw error;
    }
  }
  drop();
  return takeListeners(path, timeoutMs); // it ended meanwhile: who is there now?

  function drop(): void {
    channel.close();
    closeAll(control === undefined ? listeners.values() : [control, ...listeners.values()]);
  }
}

async function connectTo(path: string, timeoutMs: number): Promise<Socket | undefined> {
  try {
    return await connect({ family: 'Unix', path }, { type: SOCK_SEQPACKET, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED') removePath(path); // of a process that has died
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw error;
  }
}

/** Listens at the path, for this user only; undefined where another process was faster. */
export function controlListener(path: string): Socket | undefined {
  const socket = new Socket(AF_UNIX, SOCK_SEQPACKET);
  try {
    socket.bind({ family: 'Unix', path });
    if (!path.startsWith('\0')) chmodSync(path, 0o600); // nobody can connect before it listens
    socket.listen();
    return socket;
  } catch (error) {
    socket.close();
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Removes the file of a path. */
export function removePath(path: string): void {
  if (!path.startsWith('\0')) rmSync(path, { force: true });
}
