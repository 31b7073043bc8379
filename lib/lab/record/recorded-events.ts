/** The events of a recorded script: its calls, as it tells them, and its sockets, as the kernel lists them. */
import { errnoName } from '../../errors.js';
import { clockMs } from '../../reuse/timeline.js';
import type { PortSocket } from '../kernel/port-sockets.js';
import { areSame, SocketNames } from '../kernel/socket-names.js';
import { Watch } from '../kernel/watch.js';
import type { KernelSocket, LabEvent, Recording } from '../protocol.js';
import { thisSystem } from '../this-system.js';
import type { RecordLine } from './lines.js';

/** So many events are kept, the first ones: of a server under load more would be of no use to a reader. */
export const MOST_EVENTS = 20_000;

/** Gathers them. */
export class RecordedEvents {
  readonly #startMs = clockMs();
  readonly #startedAt = new Date();
  readonly #watch = new Watch();
  readonly #kernel = Watch.check();
  readonly #names = new SocketNames();
  readonly #events: LabEvent[] = [];
  readonly #actors = new Set<string>();
  readonly #numbers = new Map<string, number>();
  /** What the last reading said of each port. */
  readonly #byPort = new Map<number, readonly PortSocket[]>();
  #told: { sockets: readonly KernelSocket[]; atMs: number } = { sockets: [], atMs: 0 };
  #calls = 0;
  #left = 0;

  constructor() {
    this.#emit({ kind: 'hello', atMs: 0, session: '', port: 0, kernel: this.#kernel, packets: 'recording' });
  }

  /** The script's process has begun, or has ended. */
  actor(state: 'started' | 'ended', pid: number): void {
    this.#emit({ kind: 'actor', atMs: this.#since(clockMs()), actor: MAIN, pid, state });
    if (state === 'ended') for (const actor of this.#actors) this.#names.disown(actor);
  }

  /** The script says something. */
  add(line: RecordLine): void {
    const actor = line.thread === 0 ? MAIN : `worker ${String(line.thread)}`;
    this.#actors.add(actor);
    if (line.kind === 'socket') this.#own(line, actor);
    else if (line.kind === 'called') this.#called(line, actor);
    else this.#returned(line, actor);
  }

  /** One last look at the kernel's list, and then no more. How many events there was no room for is told. */
  finish(title: string): { recording: Recording; left: number } {
    this.#watch.look();
    for (const port of this.#byPort.keys()) this.#watch.forget(port);
    const events = this.#events.map((event, index) => ({ event, index }));
    // What came by different ways is in the order in which it happened.
    events.sort((a, b) => a.event.atMs - b.event.atMs || a.index - b.index);
    const recording = {
      title,
      recordedAt: this.#startedAt.toISOString(),
      system: thisSystem(),
      events: events.map(({ event }) => event),
    };
    return { recording, left: this.#left };
  }

  #called({ at, thread, call, text }: Extract<RecordLine, { kind: 'called' }>, actor: string): void {
    const number = ++this.#calls;
    this.#numbers.set(`${String(thread)} ${String(call)}`, number);
    this.#emit({ kind: 'called', atMs: this.#since(at), call: number, actor, c: text, ts: text });
  }

  #returned({ at, thread, call, tookMs, result }: Extract<RecordLine, { kind: 'returned' }>, actor: string): void {
    const key = `${String(thread)} ${String(call)}`;
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    this.#numbers.delete(key);
    const [code, message] = errnoName(Math.max(0, -result));
    const outcome = result < 0 ? { error: { code, errno: -result, message } } : { result };
    const durationMs = rounded(tookMs);
    this.#emit({ kind: 'returned', atMs: this.#since(at), call: number, actor, durationMs, ...outcome });
  }

  #own({ fd, inode, port }: Extract<RecordLine, { kind: 'socket' }>, actor: string): void {
    this.#names.own(inode, { actor, name: `fd ${String(fd)}` });
    if (port === undefined || this.#byPort.has(port) || this.#kernel !== true) return;
    this.#byPort.set(port, []);
    this.#watch.add(port, (sockets, atMs) => {
      this.#byPort.set(port, sockets);
      if ([...this.#byPort.keys()].at(-1) === port) this.#see(atMs); // the last of this reading
    });
  }

  #see(atMs: number): void {
    // Both ends of a connection may be the script's: it is listed for the port of each.
    const sockets = new Map([...this.#byPort.values()].flat().map((socket) => [socket.cookie, socket]));
    const named = this.#names.nameAll([...sockets.values()]);
    if (areSame(this.#told.sockets, named, atMs - this.#told.atMs)) return;
    this.#told = { sockets: named, atMs };
    this.#emit({ kind: 'sockets', atMs: this.#since(atMs), sockets: named });
  }

  #emit(event: LabEvent): void {
    if (this.#events.length < MOST_EVENTS) this.#events.push(event);
    else this.#left++;
  }

  #since(atMs: number): number {
    return rounded(atMs - this.#startMs);
  }
}

const MAIN = 'main';

/** To thousandths of a millisecond, as far as the clock can be trusted. */
const rounded = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
