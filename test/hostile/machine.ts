/** The descriptors of the run: what is made is known, and closed. Nothing leaves the loopback. */
import * as s from 'bsd-sockets';
import { openSync, readdirSync, readlinkSync } from 'node:fs';
import type { Random } from './random.js';
import { TYPED_ARRAYS } from './values.js';

const LOOPBACK = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;
const TIMEOUT = s.timeval.encode(1);
const CANARY = 0xa5;
const MARGIN = 64;
const CANARIES = Buffer.alloc(65_536, CANARY);

/** The descriptors that this process has open, with what they are. */
export function openFds(): Map<number, string> {
  return new Map(
    readdirSync('/proc/self/fd').flatMap((fd): [number, string][] => {
      try {
        return [[Number(fd), readlinkSync(`/proc/self/fd/${fd}`)]];
      } catch {
        return []; // the folder's own
      }
    }),
  );
}

export class Machine {
  readonly owned = new Set<number>();
  private readonly strangers: number[];
  private arenas: { arena: Uint8Array; start: number; end: number }[] = [];

  readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    this.strangers = [...openFds()].flatMap(([fd, what]) => (fd > 2 && what.startsWith('anon_inode') ? [fd] : []));
    this.owned.add(openSync('/dev/null', 'r+'));
  }

  /** A descriptor that a call returned: no call on it waits for long, and closing it does not wait. */
  own(fd: number): number {
    this.owned.add(fd);
    this.tame(fd);
    return fd;
  }

  tame(fd: number): void {
    try {
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, TIMEOUT);
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_SNDTIMEO, TIMEOUT);
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, s.linger.encode({ onoff: false, linger: 0 }));
    } catch {
      // no socket, or of a family without these
    }
  }

  close(fd: number): void {
    if (this.owned.delete(fd)) s.close(fd);
  }

  closeAll(): void {
    for (const fd of [...this.owned]) this.close(fd);
  }

  /** Keeps the number of descriptors within limits. */
  trim(): void {
    while (this.owned.size > 150) this.close(this.random.pick([...this.owned]));
  }

  /** Some descriptor: most are sockets of this run, some closed, some no sockets. */
  fd(): number {
    if (this.random.chance(4)) return 100_000 + this.random.below(1000);
    if (this.random.chance(2) && this.strangers.length > 0) return this.random.pick(this.strangers);
    return this.ownFd();
  }

  /** A descriptor of this run, for calls that change what it is. */
  ownFd(): number {
    if (this.owned.size < 20 || this.random.chance(3)) this.open();
    return this.random.pick([...this.owned]);
  }

  private open(): void {
    const nonblock = this.random.chance(90) ? s.SOCK_NONBLOCK : 0;
    const socket = (domain: number, type: number, protocol = 0): number =>
      this.own(s.socket(domain, type | nonblock, protocol));
    const kinds: readonly (() => void)[] = [
      () => void socket(s.AF_INET, s.SOCK_STREAM),
      () => this.bound(socket(s.AF_INET, s.SOCK_DGRAM)),
      () => void socket(s.AF_INET6, s.SOCK_DGRAM),
      () => void socket(s.AF_INET6, s.SOCK_STREAM),
      () => void socket(s.AF_UNIX, s.SOCK_STREAM),
      () => void socket(s.AF_UNIX, s.SOCK_DGRAM),
      () => void socket(s.AF_NETLINK, s.SOCK_DGRAM),
      () => this.connect(socket(s.AF_INET, s.SOCK_STREAM)),
      ...[s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_SEQPACKET].map((type) => () => {
        for (const fd of s.socketpair(s.AF_UNIX, type | nonblock)) this.own(fd);
      }),
    ];
    this.random.pick(kinds)();
  }

  private bound(fd: number): void {
    s.bind(fd, LOOPBACK);
    s.connect(fd, s.getsockname(fd)); // it sends to itself
  }

  private connect(listener: number): void {
    s.bind(listener, LOOPBACK);
    s.listen(listener);
    const client = this.own(s.socket(s.AF_INET, s.SOCK_STREAM));
    s.connect(client, s.getsockname(listener));
    this.own(s.accept(listener).fd);
  }

  /** A view of some type in the middle of a bigger buffer, whose rest must stay as it is. */
  view(length = this.random.pick([1, 8, 16, 64, 1000])): ArrayBufferView {
    const arena = new Uint8Array(2 * MARGIN + 8 * length).fill(CANARY);
    const Type = this.random.pick([Uint8Array, Buffer, DataView, ...TYPED_ARRAYS]);
    const view =
      Type === Buffer
        ? Buffer.from(arena.buffer, MARGIN, length)
        : (Reflect.construct(Type, [arena.buffer, MARGIN, length]) as ArrayBufferView);
    this.arenas.push({ arena, start: MARGIN, end: MARGIN + view.byteLength });
    return view;
  }

  /** Has a call written outside the views that it was given? */
  wroteOutside(): boolean {
    const { arenas } = this;
    this.arenas = [];
    const spoilt = (bytes: Uint8Array): boolean => Buffer.compare(bytes, CANARIES.subarray(0, bytes.length)) !== 0;
    return arenas
      .filter(({ arena }) => arena.length > 0) // the others have been transferred away
      .some(({ arena, start, end }) => spoilt(arena.subarray(0, start)) || spoilt(arena.subarray(end)));
  }

  /** An address on this host. */
  address(): unknown {
    const port = this.random.pick([0, 1, 9, 40_000 + this.random.below(100)]);
    switch (this.random.below(11)) {
      case 0:
        return { family: 'IPv4', address: '127.0.0.1', port };
      case 1:
        return { family: 'IPv6', address: '::1', port, flowlabel: 5, scopeid: 0 };
      case 2:
        return { family: 'Unix', path: `\0hostile-${String(process.pid)}-${String(this.random.below(20))}` };
      case 3:
        return { family: 'Netlink', pid: 0, groups: 0 };
      case 4:
        return s.getsockname(this.socketFd());
      case 5:
        return { family: 'Unix', path: Buffer.from([0, 0xff, this.random.below(20)]) };
      case 6:
        return { family: 'Packet', ifindex: 1, protocol: s.ETH_P_IP, hatype: 1, pkttype: 0, address: Buffer.alloc(6) };
      case 7:
        return { family: 'VSock', cid: s.VMADDR_CID_LOCAL, port, flags: 0 };
      case 8:
        return { family: 'CAN', ifindex: 1, tp: { rx_id: 1, tx_id: 2 } };
      default:
        return { family: 'raw', sockaddr: this.sockaddr() };
    }
  }

  private socketFd(): number {
    for (;;) {
      const fd = this.ownFd();
      try {
        s.getsockname(fd);
        return fd;
      } catch {
        // a file, or a closed one
      }
    }
  }

  /** Random bytes of a random length, but none that lead away from this host or to a file. */
  private sockaddr(): Uint8Array {
    const bytes = this.random.bytes(128);
    const family = this.random.chance(80) ? this.random.pick([0, 1, 2, 10, 16]) : this.random.below(50);
    new Uint16Array(bytes.buffer, bytes.byteOffset, 1)[0] = family;
    if (family === s.AF_INET || family === 0) bytes.set([127, 0, 0, 1], 4);
    if (family === s.AF_INET6) bytes.fill(0, 8, 24).fill(1, 23, 24);
    if (family === s.AF_UNIX) bytes[2] = 0;
    return bytes.subarray(0, this.random.below(129));
  }
}
