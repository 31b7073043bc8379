/** What the rule of bind(2) is asked about, and what it says: data only. */
import type { Protocol, TcpState } from '../kernel/inet-diag.js';
import type { Maybe, Span } from './bind-overlap.js';

/** A socket that is there already, as far as it is known; what is undefined is unknown. */
export interface ExistingSocket {
  /** TCP where it is left out. */
  protocol?: Protocol;
  /** The local address. */
  address: string;
  /** Left out: the port that is asked about. */
  port?: number;
  /** IPV6_V6ONLY as getsockopt(2) tells it: a connection has it from its listener. */
  v6only?: boolean;
  /** As the kernel lists it; of UDP `CLOSE` (bound) or `ESTABLISHED` (connected). */
  state: TcpState;
  /**
   * SO_REUSEADDR as it was when it was bound. That of an accepted connection is its own: the listener's, unless it was
   * changed.
   */
  reuseaddr?: boolean;
  /** SO_REUSEPORT, in the same way. */
  reuseport?: boolean;
  /** Whose it is. */
  uid?: number;
  /** The device it is bound to; 0: none. */
  interfaceIndex?: number;
  /** Is there no process any more that holds it (inode 0)? It matters in FIN_WAIT2. */
  orphan?: boolean;
}

/** The bind that is asked about; a fresh socket. */
export interface WantedBind {
  /** TCP where it is left out. */
  protocol?: Protocol;
  /** The address to bind. */
  address: string;
  /** Left out: that of the existing sockets. */
  port?: number;
  /** Default false. */
  v6only?: boolean;
  /** Default false. */
  reuseaddr?: boolean;
  /** Default false. */
  reuseport?: boolean;
  /** Whose it will be. */
  uid?: number;
  /** Default 0: none. */
  interfaceIndex?: number;
  /** Shall listen(2) follow? */
  listen?: boolean;
  /** It is bound already: only listen(2) is asked about. Leave the socket itself out of the existing ones. */
  bound?: boolean;
}

/** The answer, and why. */
export interface BindExplanation {
  /** What the call says; unknown where it depends on what is not known. */
  result: 'ok' | 'EADDRINUSE' | 'unknown';
  /** The call that fails, or the last one that works. */
  at: 'bind' | 'listen';
  /** One plain sentence. */
  because: string;
  /** The sockets in the way, or those on which an unknown answer depends. */
  culprits: readonly ExistingSocket[];
}

/** What the rule says of sockets that are alike. */
export interface Relation {
  /** All of them; the first one stands for all. */
  readonly sockets: [ExistingSocket, ...ExistingSocket[]];
  readonly place: Span;
  /** Do the addresses overlap, and the devices? */
  readonly overlaps: Maybe;
  readonly sharesDevice: Maybe;
  /** Is it let pass by SO_REUSEADDR on both? */
  readonly reuses: Maybe;
  /** Is it let pass by SO_REUSEPORT on both? */
  readonly shares: Maybe;
}
