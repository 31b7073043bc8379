/** A session of the lab: two processes, a port, and all that happens there, as events. */
import { randomBytes } from 'node:crypto';
import { clockMs } from '../reuse/timeline.js';
import { Actor } from './actor/actor.js';
import type { Packets } from './kernel/packets.js';
import type { PortSocket } from './kernel/port-sockets.js';
import { areSame, SocketNames } from './kernel/socket-names.js';
import type { Watch } from './kernel/watch.js';
import type { CalledEvent, KernelSocket, LabEvent, Recording, ReturnedEvent } from './protocol.js';
import { MOST_CALLS, type Refusal } from './refusal.js';
import { ACTORS, linesOf, type LabActor, type Step } from './steps.js';
import { thisSystem } from './this-system.js';

/** So many events are kept for a page of the session, and so many sockets in them: of more the last ones. */
const MOST_EVENTS = 5000;
const MOST_SOCKETS_KEPT = 20_000;

/** Where a socket ends so soon, it is looked for more often. */
const SOON_MS = 50;

/** What all sessions share. */
export interface Shared {
  readonly watch: Watch;
  readonly packets: Packets;
  /** Can the kernel's list be read? */
  readonly kernel: true | string;
}

/** A call of a session: what it was, and what came of it. */
export interface SessionCall {
  readonly called: CalledEvent & { readonly step: Step };
  /** Left out where it has not returned, or never will. */
  readonly returned?: ReturnedEvent;
}

/** Leaves nothing behind once it is closed. */
export class Session {
  /** What it is addressed by. */
  readonly id = randomBytes(9).toString('base64url');
  readonly port: number;
  readonly #shared: Shared;
  readonly #tell: (event: LabEvent) => void;
  readonly #startMs = clockMs();
  readonly #startedAt = new Date();
  readonly #names = new SocketNames();
  readonly #actors: Readonly<Record<LabActor, Actor>>;
  readonly #events: LabEvent[] = [];
  readonly #calls = new Map<number, SessionCall>();
  #sockets: { told: readonly KernelSocket[]; atMs: number } = { told: [], atMs: 0 };
  #socketsKept = 0;
  #isClosed = false;

  /**
   * It begins with `start`.
   *
   * @param port - a free one, that is its own
   * @param tell - is given all events, in the order in which they became known
   * @param onFailure - a process cannot be started: it is of no more use
   */
  constructor(port: number, shared: Shared, tell: (event: LabEvent) => void, onFailure: (error: Error) => void) {
    this.port = port;
    this.#shared = shared;
    this.#tell = tell;
    const { kernel, packets } = shared;
    this.#emit({ kind: 'hello', atMs: 0, session: this.id, port, kernel, packets: packets.seen });
    const actorOf = (name: LabActor): Actor =>
      new Actor(name, port, this.#names, {
        told: (state, pid) => {
          this.#emit({ kind: 'actor', atMs: this.#nowMs(), actor: name, pid, state });
        },
        returned: (returned, endMs) => {
          this.#returned({ kind: 'returned', atMs: this.#since(endMs), actor: name, ...returned });
        },
        failed: onFailure,
      });
    this.#actors = { server: actorOf('server'), client: actorOf('client') };
  }

  /** Starts the processes, and watches the port. */
  start(): void {
    const { kernel, packets, watch } = this.#shared;
    packets.add(this.port, (packet) => {
      this.#emit({ kind: 'packet', atMs: this.#nowMs(), ...packet });
    });
    if (kernel === true) {
      watch.add(this.port, (sockets, atMs) => {
        this.#see(sockets, atMs);
      });
    }
    for (const name of ACTORS) this.#actors[name].start();
  }

  /** All calls so far, in the order in which they were asked for. */
  get calls(): readonly SessionCall[] {
    return [...this.#calls.values()];
  }

  /** What happened so far, for a page. */
  recording(title: string): Recording {
    return { title, recordedAt: this.#startedAt.toISOString(), system: thisSystem(), events: [...this.#events] };
  }

  /** Begins a call; or tells why it cannot be made. */
  make(step: Step): number | Refusal {
    if (this.#calls.size >= MOST_CALLS) return { code: 'ERR_LAB_CALLS' };
    const actor = this.#actors[step.actor];
    const refusal = actor.refusalOf(step);
    if (refusal !== undefined) return refusal;
    const call = this.#calls.size + 1;
    const lines = linesOf(step, this.port);
    const called = { kind: 'called', atMs: this.#nowMs(), call, actor: step.actor, step, ...lines } as const;
    this.#calls.set(call, { called });
    this.#emit(called);
    actor.make(call, step);
    this.#shared.watch.stir();
    return call;
  }

  /** Ends the processes, and resolves when they have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#shared.watch.forget(this.port);
    this.#shared.packets.forget(this.port);
    await Promise.all(ACTORS.map((name) => this.#actors[name].stop()));
  }

  #returned(returned: ReturnedEvent): void {
    const made = this.#calls.get(returned.call);
    if (made !== undefined) this.#calls.set(returned.call, { ...made, returned });
    this.#emit(returned);
    this.#shared.watch.look();
  }

  #see(sockets: readonly PortSocket[], atMs: number): void {
    const told = this.#names.nameAll(sockets);
    if (told.some(({ expiresInMs = Infinity }) => expiresInMs <= SOON_MS)) this.#shared.watch.stir();
    if (areSame(this.#sockets.told, told, atMs - this.#sockets.atMs)) return;
    this.#sockets = { told, atMs };
    this.#shared.watch.stir();
    this.#emit({ kind: 'sockets', atMs: this.#since(atMs), sockets: told });
  }

  #emit(event: LabEvent): void {
    if (this.#isClosed) return;
    this.#keep(event);
    this.#tell(event);
  }

  #keep(event: LabEvent): void {
    this.#events.push(event);
    this.#socketsKept += socketsIn(event);
    while (this.#events.length > MOST_EVENTS || this.#socketsKept > MOST_SOCKETS_KEPT) {
      const [dropped] = this.#events.splice(1, 1); // the first is the hello
      if (dropped === undefined) return;
      this.#socketsKept -= socketsIn(dropped);
    }
  }

  #nowMs(): number {
    return this.#since(clockMs());
  }

  /** Thousandths of a millisecond are as far as the clock can be trusted. */
  #since(atMs: number): number {
    return Math.round((atMs - this.#startMs) * 1000) / 1000;
  }
}

const socketsIn = (event: LabEvent): number => (event.kind === 'sockets' ? event.sockets.length : 0);
