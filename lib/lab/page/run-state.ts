/** What a page knows of a session: made of its events, one after the other. Pure. */
import type { TcpState } from '../../doctor/kernel/inet-diag.js';
import type { CalledEvent, HelloEvent, KernelSocket, LabEvent, PacketEvent, ReturnedEvent } from '../protocol.js';

/** A call, and what came of it so far. */
export interface CallEntry {
  readonly called: CalledEvent;
  /** Left out where it waits, or its process ended in it. */
  readonly returned?: ReturnedEvent;
  /** Its process ended before it returned. */
  readonly isLost: boolean;
}

/** A time in which a socket was in one state. */
export interface StateSpan {
  readonly socket: KernelSocket;
  readonly fromMs: number;
  /** Left out where it still is. */
  readonly toMs?: number;
}

/** A process. */
export interface ActorState {
  readonly pid: number;
  readonly isAlive: boolean;
  /** The descriptors by the names of the variables that hold them. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/** A socket of a process. */
export interface Variable {
  readonly fd: number;
  /** accept(2) gave it. */
  readonly isAccepted: boolean;
}

/** All that is shown of a session. */
export interface RunState {
  readonly hello?: HelloEvent;
  readonly actors: ReadonlyMap<string, ActorState>;
  readonly calls: readonly CallEntry[];
  readonly sockets: readonly KernelSocket[];
  /** When the kernel listed these. */
  readonly socketsAtMs: number;
  readonly spans: readonly StateSpan[];
  readonly packets: readonly PacketEvent[];
  /** The time of the last event. */
  readonly lastMs: number;
}

/** Before anything has happened. */
export const NOTHING: RunState = {
  actors: new Map(),
  calls: [],
  sockets: [],
  socketsAtMs: 0,
  spans: [],
  packets: [],
  lastMs: 0,
};

/** So many are kept for the eye: the memory stays flat. */
const MOST_CALLS = 300;
const MOST_SPANS = 300;
const MOST_PACKETS = 100;

/** The state after an event. */
export function after(state: RunState, event: LabEvent): RunState {
  const lastMs = Math.max(state.lastMs, event.atMs);
  return { ...state, ...change(state, event), lastMs };
}

function change(state: RunState, event: LabEvent): Partial<RunState> {
  switch (event.kind) {
    case 'hello':
      return { hello: event };
    case 'actor':
      return actorChange(state, event.actor, event.pid, event.state === 'started');
    case 'called':
      return { calls: [...state.calls.slice(1 - MOST_CALLS), { called: event, isLost: false }] };
    case 'returned':
      return returnedChange(state, event);
    case 'sockets':
      return { sockets: event.sockets, socketsAtMs: event.atMs, spans: spansAfter(state, event.sockets, event.atMs) };
    case 'packet':
      return { packets: [...state.packets.slice(1 - MOST_PACKETS), event] };
  }
}

function actorChange(state: RunState, actor: string, pid: number, isAlive: boolean): Partial<RunState> {
  const actors = new Map(state.actors).set(actor, { pid, isAlive, variables: new Map() });
  if (isAlive) return { actors };
  const isLost = ({ called, returned }: CallEntry): boolean =>
    called.actor === actor && returned === undefined && called.step?.call !== 'restart';
  return { actors, calls: state.calls.map((entry) => (isLost(entry) ? { ...entry, isLost: true } : entry)) };
}

function returnedChange(state: RunState, event: ReturnedEvent): Partial<RunState> {
  const calls = state.calls.map((entry) => (entry.called.call === event.call ? { ...entry, returned: event } : entry));
  const step = state.calls.find(({ called }) => called.call === event.call)?.called.step;
  const actor = state.actors.get(event.actor);
  if (actor === undefined || step === undefined || event.error !== undefined) return { calls };
  const variables = new Map(actor.variables);
  if (step.call === 'socket') variables.set(step.on, { fd: event.result ?? -1, isAccepted: false });
  if (step.call === 'accept') variables.set(step.as, { fd: event.result ?? -1, isAccepted: true });
  if (step.call === 'close') variables.delete(step.on);
  return { calls, actors: new Map(state.actors).set(event.actor, { ...actor, variables }) };
}

/** A span goes on while its socket is in the same state; of what has changed one ends and another begins. */
function spansAfter({ spans }: RunState, sockets: readonly KernelSocket[], atMs: number): StateSpan[] {
  const now = new Map(sockets.map((socket) => [socket.id, socket]));
  const goesOn = ({ socket, toMs }: StateSpan): boolean =>
    toMs === undefined && now.get(socket.id)?.state === socket.state;
  const open = new Set(spans.filter(goesOn).map(({ socket }) => socket.id));
  const kept = spans.map((span) => {
    if (span.toMs !== undefined) return span;
    const socket = now.get(span.socket.id);
    return goesOn(span) && socket !== undefined ? { ...span, socket } : { ...span, toMs: atMs };
  });
  const begun = sockets.filter(({ id }) => !open.has(id)).map((socket) => ({ socket, fromMs: atMs }));
  return [...kept, ...begun].slice(-MOST_SPANS);
}

/** Which call is a process in? */
export function callInProgress({ calls }: RunState, actor: string): CallEntry | undefined {
  return calls.findLast(({ called, returned, isLost }) => called.actor === actor && returned === undefined && !isLost);
}

/** Is its process there, and in no call? */
export function isIdle(state: RunState, actor: string): boolean {
  return state.actors.get(actor)?.isAlive === true && callInProgress(state, actor) === undefined;
}

/** How many sockets the kernel lists in a state. */
export function countIn({ sockets }: RunState, wanted: TcpState): number {
  return sockets.filter(({ state }) => state === wanted).length;
}

/** Which end of a connection a socket is: the server has the session's port. */
export function sideOf({ local, actor }: KernelSocket, port: number): 'server' | 'client' {
  if (port === 0) return actor === 'client' ? 'client' : 'server';
  return local.port === port ? 'server' : 'client';
}

/** Milliseconds until the kernel drops a socket, by its last word and the clock. */
export function remainingMs({ expiresInMs }: KernelSocket, toldAtMs: number, nowMs: number): number | undefined {
  return expiresInMs === undefined ? undefined : Math.max(0, expiresInMs - (nowMs - toldAtMs));
}
