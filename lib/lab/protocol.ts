/**
 * What the lab's page and its server say to each other: types, and no code. The page opens `events` as a WebSocket, each
 * message a {@link LabEvent}: that is a session, which ends with the stream. (`GET events` gives the same as server-sent
 * events; but of those a browser has six to one server, and then none is left to post a step.) Then it posts steps to
 * `sessions/ID/steps`. The same events, in an array, are a recording: what `record` writes and `export` embeds.
 */
import type { TcpState } from '../doctor/kernel/inet-diag.js';
import type { Language } from '../language.js';
import type { Step } from './steps.js';

/** Who makes calls. In the lab there are two processes; a recorded script has one or more, named by itself. */
export type ActorName = string;

/** A failed call, as the kernel told it. */
export interface CallError {
  /** `'EADDRINUSE'`. */
  readonly code: string;
  /** Its number, positive as in C. */
  readonly errno: number;
  /** The system's words: `'Address already in use'`. */
  readonly message: string;
}

/** A socket of the session's ports, as the kernel lists it: sock_diag(7). */
export interface KernelSocket {
  /** The same for one socket as long as it lives, also after its process let it go. */
  readonly id: string;
  /** Where the connection table and the process agree: whose it is; null: no process holds it. */
  readonly actor: ActorName | null;
  /** The name that its owner gave it (`'server'`); null where nobody did, as in the accept queue. */
  readonly name: string | null;
  readonly state: TcpState;
  readonly local: { readonly address: string; readonly port: number };
  /** Port 0: it has no peer. */
  readonly remote: { readonly address: string; readonly port: number };
  /** Bytes that nobody has read yet; of a listener: connections that nobody has accepted yet. */
  readonly receiveQueue: number;
  /** Bytes that the peer has not acknowledged; of a listener: the most that the queue takes. */
  readonly sendQueue: number;
  /** Milliseconds until the kernel drops it by itself, counted from the event's `atMs`: TIME_WAIT, and FIN_WAIT2 with no owner. */
  readonly expiresInMs?: number;
}

/** A TCP segment on loopback. */
export interface Packet {
  readonly from: number;
  readonly to: number;
  /** `['SYN', 'ACK']`, in the order of the header's names: SYN FIN RST PSH ACK. */
  readonly flags: readonly string[];
  readonly bytes: number;
}

/** The first event of a session. */
export interface HelloEvent {
  readonly kind: 'hello';
  readonly atMs: number;
  /** What the session's requests are addressed to. */
  readonly session: string;
  /** The port that the session's bind and connect take. */
  readonly port: number;
  /** true; or why the kernel's list cannot be read here: an error's code, or `'platform'`. */
  readonly kernel: true | string;
  /** true; or why packets cannot be seen: `'EPERM'` (needs root), or `'platform'`. */
  readonly packets: true | string;
}

/** A process was started or has ended. */
export interface ActorEvent {
  readonly kind: 'actor';
  readonly atMs: number;
  readonly actor: ActorName;
  readonly pid: number;
  readonly state: 'started' | 'ended';
}

/**
 * A call has begun; the one with the same `call` in a {@link ReturnedEvent} is over. Without one it still waits, or
 * ended with its process: {@link ActorEvent}.
 */
export interface CalledEvent {
  readonly kind: 'called';
  readonly atMs: number;
  /** Its number in the session. */
  readonly call: number;
  readonly actor: ActorName;
  /** What was asked for; a recorded script's calls have no step. */
  readonly step?: Step;
  /** The line of C, with what was filled in: `bind(server, 127.0.0.1:12000)`. */
  readonly c: string;
  /** The line of TypeScript. */
  readonly ts: string;
}

/** A call has returned. */
export interface ReturnedEvent {
  readonly kind: 'returned';
  readonly atMs: number;
  readonly call: number;
  readonly actor: ActorName;
  /** What it gave: a descriptor, a number of bytes, 0. Left out where it failed. */
  readonly result?: number;
  /** What `recv` read. */
  readonly text?: string;
  readonly error?: CallError;
  /** How long the call took, in milliseconds. */
  readonly durationMs: number;
}

/** All sockets of the session's ports, each time something is different. */
export interface SocketsEvent {
  readonly kind: 'sockets';
  readonly atMs: number;
  readonly sockets: readonly KernelSocket[];
}

/** A segment was seen. */
export interface PacketEvent extends Packet {
  readonly kind: 'packet';
  readonly atMs: number;
}

/**
 * What the server tells, each with the milliseconds since the session began, in the order in which it learns of it: as
 * the clocks are read where something happens, one event may be a few milliseconds before the one that was told first.
 */
export type LabEvent = HelloEvent | ActorEvent | CalledEvent | ReturnedEvent | SocketsEvent | PacketEvent;

/** Events that were kept: what a page shows without a server. */
export interface Recording {
  readonly title: string;
  readonly recordedAt: string;
  readonly system: string;
  readonly events: readonly LabEvent[];
}

/** The answer to a step: its number; or why it was not made: the code of an error and what it says, in the page's language. */
export type StepAnswer = { readonly call: number } | { readonly code: string; readonly message: string };

/** What is written into the page: it reads this from a `<script type="application/json" id="start">`. */
export interface PageStart {
  readonly language: Language;
  /** Left out where a server answers. */
  readonly recording?: Recording;
}
