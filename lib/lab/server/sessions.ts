/** The sessions that there are: each lives as long as its stream of events. */
import type { ServerResponse } from 'node:http';
import { freePort } from '../free-port.js';
import { Packets } from '../kernel/packets.js';
import { Watch } from '../kernel/watch.js';
import type { LabEvent } from '../protocol.js';
import { Session, type Shared } from '../session.js';
import { headersOf, Refused } from './answer.js';

/** The most sessions at once: each has two processes. */
export const MOST_SESSIONS = 16;

/** So often a stream on which nothing happens says that it is there. */
const HEARTBEAT_MS = 15_000;
/** Of a reader that does not read, so many bytes are kept for it; then its session ends. */
const MOST_UNREAD = 4 * 1024 * 1024;

/** Starts and ends sessions. */
export class Sessions {
  readonly #shared: Shared & { packets: Packets } = {
    watch: new Watch(),
    packets: new Packets(),
    kernel: Watch.check(),
  };
  readonly #all = new Map<string, Session>();
  readonly #ending = new Set<Promise<void>>();

  /** @throws Refused 404 */
  get(id: string): Session {
    const session = this.#all.get(id);
    if (session === undefined) throw new Refused(404, 'There is no such session: it ends with its page.');
    return session;
  }

  /**
   * Starts a session, and tells its events as server-sent events until the stream closes.
   *
   * @throws Refused 503
   */
  stream(response: ServerResponse): void {
    if (this.#all.size >= MOST_SESSIONS)
      throw new Refused(503, `There are ${String(MOST_SESSIONS)} sessions already: close a page of the lab.`);
    const ports = new Set([...this.#all.values()].map(({ port }) => port));
    const port = freePort(ports);
    response.writeHead(200, headersOf('text/event-stream'));
    const tell = (event: LabEvent): void => {
      if (response.writableLength > MOST_UNREAD) response.destroy();
      else response.write(`data: ${JSON.stringify(event)}\n\n`);
    };
    const session = new Session(port, this.#shared, tell, () => response.end());
    this.#all.set(session.id, session);
    const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
    response.on('error', () => undefined); // 'close' follows
    response.once('close', () => {
      clearInterval(heartbeat);
      this.#end(session);
    });
  }

  /** Ends all sessions, and resolves when their processes have ended. */
  async close(): Promise<void> {
    for (const session of [...this.#all.values()]) this.#end(session);
    this.#shared.packets.close();
    await Promise.all(this.#ending);
  }

  #end(session: Session): void {
    if (!this.#all.delete(session.id)) return;
    const ending = session.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
