/** The TCP segments that pass the loopback: packet(7). It takes root, or CAP_NET_RAW. */
import {
  AF_PACKET,
  BPF_ABS,
  BPF_B,
  BPF_JEQ,
  BPF_JMP,
  BPF_K,
  BPF_LD,
  BPF_RET,
  ETH_P_IP,
  if_nametoindex,
  IPPROTO_TCP,
  PACKET_HOST,
  SO_ATTACH_FILTER,
  SOCK_DGRAM,
  sock_filter,
  SocketError,
  SOL_SOCKET,
  type SocketAddress,
} from '../../index.js';
import { Socket } from '../../promises/index.js';
import type { Packet } from '../protocol.js';
import { decodeSegment } from './decode-segment.js';

/** More than the headers of IP and TCP can be long. */
const MOST_BYTES = 120;

/** Whoever wants to know of the segments of a port. */
export type PacketListener = (packet: Packet) => void;

/** One packet socket for all sessions. */
export class Packets {
  readonly #listeners = new Map<number, PacketListener>();
  readonly #socket: Socket | undefined;
  /** true; or why they cannot be seen: `'EPERM'`, `'platform'`. */
  readonly seen: true | string;

  constructor() {
    if (process.platform !== 'linux') {
      this.seen = 'platform';
      return;
    }
    try {
      this.#socket = openSocket();
      this.seen = true;
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.seen = error.code;
      return;
    }
    void this.#read(this.#socket);
  }

  /** Tells the segments from and to a port, until {@link forget}. */
  add(port: number, listener: PacketListener): void {
    this.#listeners.set(port, listener);
  }

  /** Tells no more of a port. */
  forget(port: number): void {
    this.#listeners.delete(port);
  }

  /** Closes the socket. */
  close(): void {
    this.#listeners.clear();
    this.#socket?.close();
  }

  async #read(socket: Socket): Promise<void> {
    const buffer = Buffer.alloc(MOST_BYTES);
    try {
      for (;;) {
        const { bytesRead, address } = await socket.recvfrom(buffer);
        if (!isIncoming(address)) continue;
        const packet = decodeSegment(buffer.subarray(0, bytesRead));
        if (packet === undefined) continue;
        const listener = this.#listeners.get(packet.from) ?? this.#listeners.get(packet.to);
        listener?.(packet);
      }
    } catch (error) {
      if (!(error instanceof SocketError)) throw error; // closed; or lo is down, and nothing passes it
    }
  }
}

/** On the loopback each packet is seen twice: as it goes out, and as it comes in. */
function isIncoming(address: SocketAddress | null): boolean {
  return address?.family === 'Packet' && address.pkttype === PACKET_HOST;
}

function openSocket(): Socket {
  const socket = new Socket(AF_PACKET, SOCK_DGRAM, 0); // 0: hears nothing before it is bound
  try {
    socket.setsockopt(SOL_SOCKET, SO_ATTACH_FILTER, tcpOnly());
    socket.bind({ family: 'Packet', ifindex: if_nametoindex('lo'), protocol: ETH_P_IP });
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Lets TCP through, its first bytes only. */
function tcpOnly(): Uint8Array {
  return sock_filter.encode([
    { code: BPF_LD | BPF_B | BPF_ABS, jt: 0, jf: 0, k: 9 },
    { code: BPF_JMP | BPF_JEQ | BPF_K, jt: 0, jf: 1, k: IPPROTO_TCP },
    { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: MOST_BYTES },
    { code: BPF_RET | BPF_K, jt: 0, jf: 0, k: 0 },
  ]);
}
