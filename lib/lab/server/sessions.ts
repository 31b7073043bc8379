/** The sessions that there are: each lives as long as its stream of events. */
import { freePort } from '../free-port.js';
import { Packets } from '../kernel/packets.js';
import { Watch } from '../kernel/watch.js';
import type { LabEvent } from '../protocol.js';
import { Session, type Shared } from '../session.js';
import { Refused } from './answer.js';
import type { EventStream } from './event-stream.js';

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
  readonly #all = new Map<string, { session: Session; stream: EventStream }>();
  readonly #ending = new Set<Promise<void>>();

  /** @throws Refused 404 */
  get(id: string): Session {
    const found = this.#all.get(id);
    if (found === undefined) throw new Refused(404, 'There is no such session: it ends with its page.');
    return found.session;
  }

  /**
   * Starts a session, and tells its events to a stream until that ends.
   *
   * @param open - makes the stream, once it is known that there is room
   * @throws Refused 503
   */
  start(open: () => EventStream): void {
    if (this.#all.size >= MOST_SESSIONS)
      throw new Refused(503, `There are ${String(MOST_SESSIONS)} sessions already: close a page of the lab.`);
    const port = freePort(new Set([...this.#all.values()].map(({ session }) => session.port)));
    const stream = open();
    const tell = (event: LabEvent): void => {
      if (stream.unread > MOST_UNREAD) stream.end();
      else stream.send(JSON.stringify(event));
    };
    const session = new Session(port, this.#shared, tell, () => {
      stream.end();
    });
    this.#all.set(session.id, { session, stream });
    const heartbeat = setInterval(() => {
      stream.beat();
    }, HEARTBEAT_MS);
    stream.onEnd(() => {
      clearInterval(heartbeat);
      this.#end(session);
    });
    try {
      session.start();
    } catch (error) {
      stream.end(); // no process can be started
      throw error;
    }
  }

  /** Ends all sessions, and resolves when their processes have ended. */
  async close(): Promise<void> {
    for (const { session, stream } of [...this.#all.values()]) {
      this.#end(session);
      stream.end();
    }
    this.#shared.packets.close();
    await Promise.all(this.#ending);
  }

  #end(session: Session): void {
    if (!this.#all.delete(session.id)) return;
    const ending = session.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
