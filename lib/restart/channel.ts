/** What the two processes of a restart tell each other: records of a unix socket, a line of JSON, bytes, descriptors. */
import {
  close,
  controlSpace,
  MSG_CTRUNC,
  MSG_TRUNC,
  SCM_RIGHTS,
  SO_PEERCRED,
  SOL_SOCKET,
  ucred,
  type ControlMessage,
} from '../index.js';
import type { Socket } from '../promises/index.js';

/** What is told. */
export type Note =
  | { type: 'listener'; name: string }
  | { type: 'control' | 'listenersEnd' | 'ready' | 'go' | 'serving' | 'done' }
  | { type: 'connection'; data?: unknown }
  | { type: 'unread' };

/** What came: a note, bytes, and at most one descriptor, which is the receiver's to close. */
export interface Received {
  note: Note;
  bytes: Buffer;
  fd: number | undefined;
}

/** A record has so many bytes at most; what was not read yet of a connection is told in several. */
export const MOST_BYTES = 32_768;
const ROOM = 2 * MOST_BYTES;

/** One end of the conversation. Each step may take `timeoutMs`. */
export class Channel {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  readonly #buffer = Buffer.alloc(ROOM);

  constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
  }

  /** Is the other end a process of the same user, or of root? As of connect(2) and listen(2). */
  get isTrusted(): boolean {
    const { uid } = ucred.decode(this.#socket.getsockopt(SOL_SOCKET, SO_PEERCRED, ucred.size));
    return uid === 0 || uid === process.geteuid?.();
  }

  /** Does the process that began to listen still live? */
  isPeerAlive(): boolean {
    const { pid } = ucred.decode(this.#socket.getsockopt(SOL_SOCKET, SO_PEERCRED, ucred.size));
    try {
      return process.kill(pid, 0); // 0, a process that this one cannot see, counts as alive
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
  }

  /** Tells a note, with bytes and a descriptor, which stays the caller's. */
  async tell(note: Note, fd?: number, bytes: Uint8Array = Buffer.alloc(0)): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(note)}\n`);
    if (line.length > MOST_BYTES) throw new RangeError('the data of a connection must be at most 32 KiB of JSON');
    await this.#socket.sendmsg(
      {
        buffers: [line, bytes],
        ...(fd === undefined ? {} : { control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [fd] }] }),
      },
      this.#limit(),
    );
  }

  /** The next record; undefined where the other end has gone. */
  async hear(): Promise<Received | undefined> {
    const options = { controlLength: controlSpace(4), ...this.#limit() };
    const { bytesRead, control, flags } = await this.#socket.recvmsg([this.#buffer], options);
    if (bytesRead === 0) return undefined;
    const [fd, ...more] = control.flatMap((message: ControlMessage) => message.fds ?? []);
    try {
      const end = this.#buffer.subarray(0, bytesRead).indexOf('\n');
      if (more.length > 0 || (flags & (MSG_CTRUNC | MSG_TRUNC)) !== 0)
        throw new Error('a record of the restart was cut');
      const note = JSON.parse(this.#buffer.toString('utf8', 0, end)) as Note;
      return { note, bytes: Buffer.from(this.#buffer.subarray(end + 1, bytesRead)), fd };
    } catch (error) {
      for (const received of [fd ?? [], more].flat()) close(received);
      throw error;
    }
  }

  /** The next record, which has to be this one: false where the other end has gone or says something else. */
  async hears(type: Note['type']): Promise<boolean> {
    const received = await this.hear();
    if (received?.fd !== undefined) close(received.fd);
    return received?.note.type === type;
  }

  close(): void {
    this.#socket.close();
  }

  #limit(): { signal: AbortSignal } {
    return { signal: AbortSignal.timeout(this.#timeoutMs) };
  }
}
