/** Classic BPF programs on sockets: SO_ATTACH_FILTER, SO_ATTACH_REUSEPORT_CBPF, SO_GET_FILTER; socket(7). */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { native } from '../../lib/native.js';
import { outcome, received } from '../conformance/case.js';
import { bound, NONE, PORT, v4 } from '../conformance/endpoints.js';
import { made, pair, sendText, udp, udpPair } from '../conformance/fixtures.js';
import { thrownBy } from '../support/sockets.js';

const suite = process.platform === 'linux' ? describe : describe.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: only Linux has it)';

const ret = (k: number): s.SockFilter => ({ code: s.BPF_RET | s.BPF_K, jt: 0, jf: 0, k });
const load = (offset: number): s.SockFilter => ({ code: s.BPF_LD | s.BPF_B | s.BPF_ABS, jt: 0, jf: 0, k: offset });
const UDP_HEADER = 8;

/** Lets datagrams pass whose first byte is the letter's. */
const only = (letter: string): s.SockFilter[] => [
  load(UDP_HEADER),
  { code: s.BPF_JMP | s.BPF_JEQ | s.BPF_K, jt: 0, jf: 1, k: letter.charCodeAt(0) },
  ret(-1),
  ret(0),
];
/** As the kernel gives it back: k is unsigned. */
const readBack = (program: s.SockFilter[]): s.SockFilter[] => program.map((one) => ({ ...one, k: one.k >>> 0 }));

function attach(fd: number, program: s.SockFilter[], option = s.SO_ATTACH_FILTER): void {
  s.setsockopt(fd, s.SOL_SOCKET, option, s.sock_filter.encode(program));
}

suite(`SO_ATTACH_FILTER${why}`, () => {
  test('lets pass what the program lets pass, until it is detached', () => {
    const [a, b] = udpPair();
    attach(b, only('y'));
    for (const text of ['no', 'yes', 'neither']) sendText(a, text);
    expect([received(b), received(b)]).toEqual(['yes', 'EAGAIN']);
    s.setsockopt(b, s.SOL_SOCKET, s.SO_DETACH_FILTER, 0);
    sendText(a, 'no');
    expect(received(b)).toBe('no');
    expect(outcome(() => s.setsockopt(b, s.SOL_SOCKET, s.SO_DETACH_FILTER, 0))).toBe('ENOENT');
  });

  test('cuts a datagram to the length that the program returns', () => {
    const [a, b] = udpPair();
    attach(b, [ret(UDP_HEADER + 3)]);
    sendText(a, 'cut here');
    expect(received(b)).toBe('cut');
  });

  test('a locked filter stays: EPERM', () => {
    const [, b] = udpPair();
    attach(b, [ret(-1)]);
    s.setsockopt(b, s.SOL_SOCKET, s.SO_LOCK_FILTER, true);
    expect(outcome(() => attach(b, [ret(0)]))).toBe('EPERM');
    expect(outcome(() => s.setsockopt(b, s.SOL_SOCKET, s.SO_DETACH_FILTER, 0))).toBe('EPERM');
  });

  test('takes a thousand instructions; a program that runs off its end, or is none, is refused: EINVAL', () => {
    const fd = udp();
    attach(fd, [...Array.from({ length: 999 }, () => load(0)), ret(-1)]);
    expect(outcome(() => attach(fd, [load(0)]))).toBe('EINVAL');
    expect(outcome(() => attach(fd, [{ ...only('y')[1], jt: 255 } as s.SockFilter, ret(0)]))).toBe('EINVAL');
    const option: number = s.SO_ATTACH_FILTER; // TypeScript would refuse the int
    const set = (value: number | Uint8Array): string => outcome(() => s.setsockopt(fd, s.SOL_SOCKET, option, value));
    expect([set(new Uint8Array(0)), set(new Uint8Array(4097 * 8)), set(1), set(new Uint8Array(12))]).toEqual([
      'EINVAL',
      'EINVAL',
      'EINVAL',
      'ERR_INVALID_ARG_VALUE',
    ]);
  });
});

suite(`SO_GET_FILTER${why}`, () => {
  test('gives the program back, and by itself how many instructions there are', () => {
    const fd = udp();
    expect(s.getsockopt(fd, s.SOL_SOCKET, s.SO_GET_FILTER as number)).toBe(0);
    expect(s.getsockopt(fd, s.SOL_SOCKET, s.SO_GET_FILTER, 4096)).toHaveLength(0);
    const program = only('y');
    attach(fd, program);
    expect(s.getsockopt(fd, s.SOL_SOCKET, s.SO_GET_FILTER as number)).toBe(4);
    for (const room of [4, 5, 4096]) {
      const bytes = s.getsockopt(fd, s.SOL_SOCKET, s.SO_GET_FILTER, room * s.sock_filter.size);
      expect(s.sock_filter.decode(bytes)).toEqual(readBack(program));
    }
  });

  test('writes no byte past the room that there is, which the kernel counts in instructions', () => {
    const fd = udp();
    attach(fd, only('y'));
    for (const [room, says] of [
      [0, 0],
      [7, 0],
      [8, -22], // EINVAL: there is room, but not for all
      [31, -22],
      [32, 32],
      [33, 32],
    ] as const) {
      const guarded = new Uint8Array(room + 4096).fill(0xaa);
      const result = native.getsockopt(fd, s.SOL_SOCKET, s.SO_GET_FILTER, guarded.subarray(0, room));
      expect([room, result]).toEqual([room, says]);
      expect(guarded.subarray(Math.max(says, 0)).every((byte) => byte === 0xaa)).toBe(true);
    }
  });

  test('as an int writes no byte of the reply but the int', () => {
    const fd = udp();
    attach(fd, only('y'));
    const reply = new Uint8Array(native.reply);
    const [offset, size] = native.layout.Reply.value;
    reply.fill(0xaa);
    native.getsockoptInt(fd, s.SOL_SOCKET, s.SO_GET_FILTER);
    reply.fill(0xaa, offset, offset + size);
    expect(reply.every((byte) => byte === 0xaa)).toBe(true);
  });
});

suite(`the room of getsockopt${why}`, () => {
  test('is all that is written, of any option and any length', () => {
    const [stream] = pair();
    const options = [
      s.SO_PEERCRED,
      s.SO_LINGER,
      s.SO_RCVTIMEO,
      s.SO_TYPE,
      s.SO_MEMINFO,
      s.SO_BINDTODEVICE,
      s.SO_COOKIE,
    ];
    for (const fd of [stream, udp()]) {
      for (const option of options) {
        for (let room = 0; room <= 40; room++) {
          const guarded = new Uint8Array(room + 64).fill(0xaa);
          const result = native.getsockopt(fd, s.SOL_SOCKET, option, guarded.subarray(0, room)) as unknown as number;
          expect(result).toBeLessThanOrEqual(room);
          expect(guarded.subarray(room).every((byte) => byte === 0xaa)).toBe(true);
        }
      }
    }
  });
});

suite(`SO_ATTACH_REUSEPORT_CBPF${why}`, () => {
  test('chooses the socket of a group that gets the datagram', () => {
    const first = bound(v4(), PORT, s.SOCK_DGRAM);
    const second = bound(s.getsockname(first), PORT, s.SOCK_DGRAM);
    attach(
      first,
      [load(0), { code: s.BPF_ALU | s.BPF_AND | s.BPF_K, jt: 0, jf: 0, k: 1 }, RETURN_A],
      s.SO_ATTACH_REUSEPORT_CBPF,
    );
    const sender = made(s.AF_INET, s.SOCK_DGRAM);
    for (const byte of [0, 1, 3, 2]) s.sendto(sender, Uint8Array.of(byte), 0, s.getsockname(first));
    const all = (fd: number): string[] => [received(fd), received(fd), received(fd)];
    expect([all(first), all(second)]).toEqual([
      ['\x00', '\x02', 'EAGAIN'],
      ['\x01', '\x03', 'EAGAIN'],
    ]);
    s.setsockopt(first, s.SOL_SOCKET, s.SO_DETACH_REUSEPORT_BPF, 0);
  });

  test('is for a group: EINVAL without SO_REUSEPORT', () => {
    const fd = bound(v4(), NONE, s.SOCK_DGRAM);
    expect(thrownBy(() => attach(fd, [ret(0)], s.SO_ATTACH_REUSEPORT_CBPF)).code).toBe('EINVAL');
  });
});

const RETURN_A: s.SockFilter = { code: s.BPF_RET | s.BPF_A, jt: 0, jf: 0, k: 0 };
