/** Real sockets on a port, in every state, and what bind(2) and listen(2) say beside them. */
import * as s from 'bsd-sockets';
import type { ExistingSocket, WantedBind } from '../../lib/doctor/rule/relation.js';
import type { Protocol, TcpState } from '../../lib/doctor/kernel/inet-diag.js';
import { listTcpSockets } from '../../lib/doctor/kernel/observe.js';
import {
  at,
  endSending,
  endTimeWait,
  isIPv6,
  isMapped,
  localOf,
  LONGEST_MS,
  made,
  ownedBy,
  RESET,
  said,
  stateOf,
  waitFor,
} from './live-sockets-calls.js';

/** What is made: a socket, and for all but the first three and the UDP ones a connection with it. */
export type Kind =
  | 'bound'
  | 'listening'
  | 'shut down'
  | 'with connection'
  | 'established'
  | 'FIN_WAIT2'
  | 'orphan'
  | 'CLOSE_WAIT'
  | 'TIME_WAIT'
  | 'outgoing'
  | 'autobound'
  | 'udp'
  | 'udp connected';

/** One socket to make. */
export interface Plan {
  kind: Kind;
  address: string;
  v6only: boolean;
  reuseaddr: boolean;
  reuseport: boolean;
  uid: number;
  interfaceIndex: number;
  /** Whether the peer comes over IPv4 where both are possible. */
  overIPv4: boolean;
  /** Who accepts the connection. */
  acceptUid: number;
  /** A flag that is turned on the accepted socket. */
  turn: 'none' | 'reuseaddr' | 'reuseport on';
}

/** The sockets on one port. */
export class LiveSockets {
  /** What there is, as the rule takes it. */
  readonly existing: ExistingSocket[] = [];
  /** Every bind that was made for them, and what the kernel said: the rule must say the same. */
  readonly binds: { before: ExistingSocket[]; wanted: WantedBind; result: string }[] = [];
  /**
   * A bind with SO_REUSEPORT was made here of which nothing is left. The kernel remembers it, see explainBind, and it is not
   * in the list: the rule cannot know what is said to the next one with SO_REUSEPORT.
   */
  remembersOneGone = false;
  #port: number;
  readonly #fds: number[] = [];
  /** The other ends: a reset from there ends both. */
  readonly #peers: number[] = [];
  readonly #timeWaits: { own: s.SocketAddress; peer: s.SocketAddress }[] = [];

  /** @param port - one that nobody has */
  constructor(port: number, plans: readonly Plan[]) {
    this.#port = port;
    try {
      for (const plan of plans) this.#make(plan);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The port of all of them. */
  get port(): number {
    return this.#port;
  }

  /** Leaves nothing behind, not even TIME_WAIT. */
  close(): void {
    for (const fd of this.#peers) {
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, RESET);
      s.close(fd);
    }
    for (const fd of this.#fds) s.close(fd);
    this.endTimeWaits();
  }

  /** Again, where another socket had the old peer's port meanwhile. */
  endTimeWaits(): void {
    for (const { own, peer } of this.#timeWaits) endTimeWait(own, peer);
  }

  #make(plan: Plan): void {
    if (plan.kind === 'autobound') this.#autobound(plan);
    else if (plan.kind === 'outgoing') this.#outgoing(plan);
    else if (plan.kind.startsWith('udp')) this.#udp(plan);
    else this.#tcp(plan);
  }

  /** A socket that is bound, or nothing where the kernel refuses it. */
  #bound(plan: Plan, listen: boolean, protocol: Protocol = 'tcp'): number | undefined {
    const { address, v6only, reuseaddr, reuseport, uid, interfaceIndex } = plan;
    const wanted = { protocol, address, v6only, reuseaddr, reuseport, uid, interfaceIndex, port: this.#port };
    const fd = made(wanted);
    const bound = said(() => s.bind(fd, at(address, this.#port)));
    const result = bound === 'ok' && listen ? said(() => s.listen(fd)) : bound;
    if (!(this.remembersOneGone && reuseport)) {
      this.binds.push({ before: [...this.existing], wanted: { ...wanted, listen }, result });
    }
    if (result === 'ok') return fd;
    this.remembersOneGone ||= bound === 'ok' && reuseport; // and listen failed
    s.close(fd);
    return undefined;
  }

  #add(fd: number, state: TcpState, plan: Plan, more: Partial<ExistingSocket> = {}): void {
    const { address } = localOf(fd);
    this.existing.push({
      protocol: plan.kind.startsWith('udp') ? 'udp' : 'tcp',
      address,
      port: this.#port,
      state,
      ...(isIPv6(address) ? { v6only: s.getsockopt(fd, s.IPPROTO_IPV6, s.IPV6_V6ONLY) !== 0 } : {}),
      reuseaddr: s.getsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR) !== 0,
      reuseport: s.getsockopt(fd, s.SOL_SOCKET, s.SO_REUSEPORT) !== 0,
      uid: plan.uid,
      interfaceIndex: plan.interfaceIndex,
      orphan: false,
      ...more,
    });
  }

  #udp(plan: Plan): void {
    const fd = this.#bound(plan, false, 'udp');
    if (fd === undefined) return;
    this.#fds.push(fd);
    if (plan.kind === 'udp connected') s.connect(fd, at(this.#peerAddress(plan), 9));
    this.#add(fd, plan.kind === 'udp' ? 'CLOSE' : 'ESTABLISHED', plan);
  }

  #peerAddress({ address, v6only, overIPv4 }: Plan): string {
    if (address === '::') return overIPv4 && !v6only ? '::ffff:127.0.0.1' : '::1';
    return address === '0.0.0.0' ? '127.0.0.1' : address.replace('::ffff:0.0.0.0', '::ffff:127.0.0.1');
  }

  /** A connection from this port to another. */
  #outgoing(plan: Plan): void {
    const target = this.#peerAddress(plan);
    const fd = this.#bound(plan, false);
    if (fd === undefined) return;
    this.#fds.push(fd);
    this.#connectAway(fd, target, plan.interfaceIndex);
    this.#add(fd, 'ESTABLISHED', plan);
  }

  /** A connection whose port the kernel chose at connect(2): it has to be the first of the sockets. */
  #autobound(plan: Plan): void {
    if (this.existing.length > 0) return;
    const fd = made({ ...plan, interfaceIndex: 0 });
    this.#fds.push(fd);
    this.#connectAway(fd, this.#peerAddress(plan), 0);
    const { port } = localOf(fd);
    if (listTcpSockets({ port }).length > 1) return; // connections to different hosts may share a port: not ours alone
    this.#port = port;
    this.#add(fd, 'ESTABLISHED', { ...plan, interfaceIndex: 0 });
  }

  #connectAway(fd: number, target: string, interfaceIndex: number): void {
    const listener = made({ address: target, interfaceIndex });
    this.#fds.push(listener);
    s.bind(listener, at(target, 0));
    s.listen(listener);
    s.connect(fd, s.getsockname(listener));
    s.poll([{ fd: listener, events: s.POLLIN, revents: 0 }], LONGEST_MS);
    this.#peers.push(s.accept(listener).fd);
  }

  #tcp(plan: Plan): void {
    const { kind } = plan;
    const listener = this.#bound(plan, kind !== 'bound');
    if (listener === undefined) return;
    this.#fds.push(listener);
    if (kind === 'bound') {
      this.#add(listener, 'CLOSE', plan);
      return;
    }
    const connected = kind === 'listening' || kind === 'shut down' ? undefined : this.#connection(listener, plan);
    if (connected !== undefined) this.#bring(connected.fd, connected.peer, plan);
    if (kind === 'listening' || kind === 'with connection') {
      this.#add(listener, 'LISTEN', plan);
    } else if (kind === 'shut down') {
      s.shutdown(listener, s.SHUT_RDWR);
      this.#add(listener, 'CLOSE', plan);
    } else {
      this.#fds.splice(this.#fds.indexOf(listener), 1);
      this.remembersOneGone ||= connected === undefined && plan.reuseport;
      s.close(listener);
    }
  }

  /** Both ends; nothing where another listener of the port got the connection. */
  #connection(listener: number, plan: Plan): { fd: number; peer: number } | undefined {
    const address = this.#peerAddress(plan);
    const rivals = this.existing.some(({ state }) => state === 'LISTEN');
    const peer = made({ address: isMapped(address) ? '0.0.0.0' : address });
    s.connect(peer, at(address.replace('::ffff:', ''), this.#port));
    const [ready] = [s.poll([{ fd: listener, events: s.POLLIN, revents: 0 }], rivals ? 20 : LONGEST_MS)];
    if (ready === 0) {
      s.setsockopt(peer, s.SOL_SOCKET, s.SO_LINGER, RESET);
      s.close(peer);
      return undefined;
    }
    const fd = ownedBy(plan.acceptUid, s.accept(listener).fd);
    if (plan.turn === 'reuseaddr') s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, !plan.reuseaddr);
    if (plan.turn === 'reuseport on') s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEPORT, true);
    return { fd, peer };
  }

  /** Brings a connection into the state that is planned. */
  #bring(fd: number, peer: number, plan: Plan): void {
    const { kind, acceptUid: uid } = plan;
    if (kind === 'TIME_WAIT' || kind === 'orphan' || kind === 'FIN_WAIT2') {
      endSending(fd, peer);
      waitFor(fd, 'FIN_WAIT2');
    } else if (kind === 'CLOSE_WAIT') {
      endSending(peer, fd);
    }
    if (kind === 'TIME_WAIT') {
      this.#timeWaits.push({ own: s.getsockname(fd), peer: s.getsockname(peer) });
      this.#add(fd, 'TIME_WAIT', plan, { uid: 0, orphan: true });
      s.close(fd);
      s.shutdown(peer, s.SHUT_WR);
      waitFor(peer, 'CLOSE'); // its last ACK has come: the other end is in TIME_WAIT
      s.close(peer);
      return;
    }
    this.#peers.push(peer);
    if (kind === 'orphan') {
      this.#add(fd, 'FIN_WAIT2', plan, { uid: 0, orphan: true });
      s.close(fd);
      return;
    }
    this.#add(fd, stateOf(fd), plan, { uid });
    this.#fds.push(fd);
  }
}
