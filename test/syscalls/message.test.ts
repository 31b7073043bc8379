import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bound, v4 } from '../conformance/endpoints.js';
import { accepted, listens, made, pair, sendText, udp, udpPair } from '../conformance/fixtures.js';
import { outcome, received } from '../conformance/case.js';
import { passed, rights } from '../conformance/sendmsg.js';
import { openSockets } from '../support/peers.js';
import { temporaryFolder } from '../support/programs.js';
import { closing, tcp, thrownBy } from '../support/sockets.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: only Linux has it)';
const BYTE = Buffer.from('x');
const buffers = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text));

describe('sendmsg and recvmsg', () => {
  test('gather views of any kind, and scatter into parts of one buffer: nothing beside them is touched', () => {
    const [a, b] = pair();
    const views = [
      new Uint8Array([1, 2]),
      new Uint16Array([0x0404]),
      new DataView(Uint8Array.of(9, 5, 9).buffer, 1, 1),
    ];
    expect(s.sendmsg(a, { buffers: views })).toBe(5);
    const whole = Buffer.alloc(10, 0xee);
    const { bytesRead, address, control, flags } = s.recvmsg(b, [whole.subarray(1, 3), whole.subarray(6, 9)]);
    expect([bytesRead, address, control, flags]).toEqual([5, null, [], 0]);
    expect([...whole]).toEqual([0xee, 1, 2, 0xee, 0xee, 0xee, 4, 4, 5, 0xee]);
  });

  test('tell who sent, and send to an address', () => {
    const [a, b] = [udp(), udp()];
    s.sendmsg(a, { buffers: buffers('one ', 'datagram'), address: s.getsockname(b) });
    const buffer = Buffer.alloc(32);
    const { bytesRead, address } = s.recvmsg(b, [buffer]);
    expect([buffer.toString('latin1', 0, bytesRead), address]).toEqual(['one datagram', s.getsockname(a)]);
  });

  test('a datagram that is cut says so; with MSG_TRUNC it tells its length', () => {
    const [a, b] = udpPair();
    sendText(a, 'longer than four');
    sendText(a, 'longer than four');
    const told = (flags: number): unknown => {
      const { bytesRead, flags: said } = s.recvmsg(b, [Buffer.alloc(2), Buffer.alloc(2)], { flags });
      return [bytesRead, said];
    };
    expect([told(0), told(s.MSG_TRUNC)]).toEqual([
      [4, s.MSG_TRUNC],
      [16, s.MSG_TRUNC],
    ]);
  });

  test('of no buffers receives an empty datagram whole, and throws the bytes of another away', () => {
    const [a, b] = pair(s.SOCK_DGRAM);
    s.sendmsg(a, { buffers: [] });
    sendText(a, 'gone');
    expect(s.recvmsg(b, [])).toMatchObject({ bytesRead: 0, flags: 0 });
    expect(s.recvmsg(b, [])).toMatchObject({ bytesRead: 0, flags: s.MSG_TRUNC });
    expect(outcome(() => s.recv(b, BYTE, s.MSG_DONTWAIT))).toBe('EAGAIN');
  });

  test('the end of a stream is no bytes, and an address that does not fit is refused', () => {
    const listener = listens(bound(v4()));
    const client = tcp();
    s.connect(client, s.getsockname(listener));
    const server = accepted(listener);
    expect(outcome(() => s.sendmsg(udp(), { buffers: [BYTE], address: { family: 'Unix', path: '/x' } }))).toBe(
      'EINVAL',
    );
    s.shutdown(client, s.SHUT_WR);
    expect(s.recvmsg(server, [Buffer.alloc(8)])).toEqual({ bytesRead: 0, address: null, control: [], flags: 0 });
  });
});

describe('descriptors that are passed', () => {
  test('are the same open files with other numbers, close-on-exec, and outlive the sender', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'contents');
    const fd = openSync(file, 'r');
    const [a, b] = pair();
    s.sendmsg(a, { buffers: [BYTE], control: [rights(fd, a)] });
    closeSync(fd);
    const [copy = -1, socket = -1] = passed(s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(8) }));
    expect(readFileSync(copy, 'utf8')).toBe('contents');
    expect([copy, socket].map((each) => s.fcntl(each, s.F_GETFD))).toEqual([s.FD_CLOEXEC, s.FD_CLOEXEC]);
    sendText(socket, 'through the copy');
    expect(received(b)).toBe('through the copy');
  });

  onLinux(`none leaks: with room for all, for some, for none, peeked at, or never received${why}`, () => {
    const before = openSockets();
    for (const room of [s.controlSpace(12), s.controlSpace(4), s.controlSpace(0) + 5, 3, 0]) {
      for (const flags of [0, s.MSG_PEEK]) {
        const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_DGRAM);
        s.sendmsg(a, { buffers: [BYTE], control: [rights(a, b, a)] });
        const { control } = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: room, flags });
        const fds = control.flatMap((message) => message.fds ?? []);
        expect(openSockets()).toHaveLength(before.length + 2 + fds.length); // no other than those that we were told
        for (const fd of [...fds, a, b]) s.close(fd);
      }
    }
    const [a, b] = s.socketpair(s.AF_UNIX, s.SOCK_DGRAM);
    s.sendmsg(a, { buffers: [BYTE], control: [rights(a, b)] });
    s.close(a);
    s.close(b);
    expect(openSockets()).toEqual(before);
  });

  test('a closed one is refused: EBADF, and nothing is sent', () => {
    const [a, b] = pair();
    const closed = s.socket(s.AF_UNIX, s.SOCK_STREAM);
    s.close(closed);
    expect(thrownBy(() => s.sendmsg(a, { buffers: [BYTE], control: [rights(a, closed)] })).code).toBe('EBADF');
    expect(received(b)).toBe('EAGAIN');
  });

  onLinux(`come beside credentials in one message${why}`, () => {
    const [a, b] = pair();
    s.setsockopt(b, s.SOL_SOCKET, s.SO_PASSCRED, true);
    const credentials = { pid: process.pid, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const sent = { level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, credentials };
    s.sendmsg(a, { buffers: [BYTE], control: [rights(a), sent] });
    const room = s.controlSpace(s.ucred.size, 4);
    const message = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: room });
    expect(message.control.find((each) => each.type === s.SCM_CREDENTIALS)?.credentials).toEqual(credentials);
    expect([passed(message).length, message.flags & s.MSG_CTRUNC]).toEqual([1, 0]);
  });

  onLinux(`another user's credentials are refused to an ordinary user: EPERM${why}`, () => {
    const [a] = pair();
    const credentials = { pid: process.pid, uid: (process.getuid?.() ?? 0) + 1, gid: process.getgid?.() ?? 0 };
    const control = [{ level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, credentials }];
    expect(outcome(() => s.sendmsg(a, { buffers: [BYTE], control }))).toBe(process.getuid?.() === 0 ? 'ok' : 'EPERM');
  });
});

const suite = process.platform === 'linux' ? describe : describe.skip;

suite(`sendmmsg and recvmmsg${why}`, () => {
  test('send and receive many datagrams, each with its address', () => {
    const [a, b, receiver] = [udp(), udp(), udp()];
    const address = s.getsockname(receiver);
    expect(
      s.sendmmsg(a, [
        { buffers: buffers('on', 'e'), address },
        { buffers: [], address },
      ]),
    ).toBe(2);
    expect(s.sendmmsg(b, [{ buffers: buffers('three'), address }])).toBe(1);
    const into = [8, 8, 3, 8].map((length) => Buffer.alloc(length));
    const got = s.recvmmsg(receiver, into, s.MSG_WAITFORONE);
    expect(got).toEqual([
      { bytesRead: 3, address: s.getsockname(a), flags: 0 },
      { bytesRead: 0, address: s.getsockname(a), flags: 0 },
      { bytesRead: 3, address: s.getsockname(b), flags: s.MSG_TRUNC },
    ]);
    expect(into.map((buffer) => buffer.toString('latin1').replaceAll('\0', ''))).toEqual(['one', '', 'thr', '']);
  });

  test('wait for all buffers, for as long as SO_RCVTIMEO, and give what came', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(20));
    sendText(a, 'x');
    expect(s.recvmmsg(b, [Buffer.alloc(1), Buffer.alloc(1)])).toHaveLength(1);
    expect(outcome(() => s.recvmmsg(b, [Buffer.alloc(1)], s.MSG_DONTWAIT))).toBe('EAGAIN');
  });

  test('of nothing are nothing; of 1024 they are 1024, and no more are taken', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.SOL_SOCKET, s.SO_RCVBUF, 4 * 2 ** 20);
    expect([s.sendmmsg(a, []), s.recvmmsg(b, [])]).toEqual([0, []]);
    const most = Array.from({ length: 1024 }, () => ({ buffers: [BYTE] }));
    expect(s.sendmmsg(a, most)).toBe(1024);
    const into = Array.from({ length: 1024 }, () => Buffer.alloc(1));
    expect(s.recvmmsg(b, into, s.MSG_DONTWAIT).length).toBeGreaterThan(100); // as many as the queue had room for
    expect(thrownBy(() => s.sendmmsg(a, [...most, { buffers: [BYTE] }])).code).toBe('ERR_OUT_OF_RANGE');
    expect(thrownBy(() => s.recvmmsg(b, [...into, BYTE])).code).toBe('ERR_OUT_OF_RANGE');
  });

  test('stop before the first that fails, whose error the next call tells', () => {
    const [a, b] = [udp(), udp()];
    const address = s.getsockname(b);
    const bad = { buffers: [Buffer.alloc(70_000)], address };
    const messages = [{ buffers: buffers('one'), address }, bad, { buffers: buffers('two'), address }];
    expect(s.sendmmsg(a, messages)).toBe(1);
    expect(thrownBy(() => s.sendmmsg(a, messages.slice(1)))).toMatchObject({ code: 'EMSGSIZE', syscall: 'sendmmsg' });
    expect([received(b), received(b)]).toEqual(['one', 'EAGAIN']);
  });

  test('a message may have 1024 buffers, all of them together 15,360', () => {
    const [a, b] = udpPair();
    const many = (count: number): s.DatagramToSend => ({ buffers: new Array<Buffer>(count).fill(BYTE) });
    expect(
      s.sendmmsg(
        a,
        Array.from({ length: 15 }, () => many(1024)),
      ),
    ).toBe(15);
    expect(s.recvmsg(b, [Buffer.alloc(2048)]).bytesRead).toBe(1024);
    expect(outcome(() => s.sendmmsg(a, [many(1025)]))).toBe('EMSGSIZE');
    expect(
      outcome(() =>
        s.sendmmsg(
          a,
          Array.from({ length: 17 }, () => many(1024)),
        ),
      ),
    ).toBe('ERR_OUT_OF_RANGE');
  });

  test('work on unix sockets, whose senders have names of bytes', () => {
    const sockaddr = Buffer.concat([Buffer.from(new Uint16Array([s.AF_UNIX]).buffer), Buffer.from([0, 0xff, 1])]);
    const [a, b] = [made(s.AF_UNIX, s.SOCK_DGRAM), made(s.AF_UNIX, s.SOCK_DGRAM)];
    s.bind(a, { family: 'raw', sockaddr: Buffer.concat([sockaddr, Buffer.from(String(process.pid))]) });
    s.bind(b, { family: 'Unix', path: '' });
    s.sendmmsg(a, [{ buffers: [BYTE], address: s.getsockname(b) }]);
    expect(s.recvmmsg(b, [Buffer.alloc(1)])[0]?.address).toEqual(s.getsockname(a));
    const path = Buffer.concat([sockaddr.subarray(2), Buffer.from(String(process.pid))]);
    expect(s.getsockname(a)).toEqual({ family: 'Unix', path });
  });

  test('a hole in the list is refused, and what is no list', () => {
    const loose = s as unknown as Record<'sendmmsg' | 'recvmmsg', (...args: unknown[]) => unknown>;
    const fd = closing(s.socket(s.AF_INET, s.SOCK_DGRAM));
    for (const list of [null, BYTE, new Array(2), [BYTE, null], [{ buffers: new Array(1) }], [{ buffers: 'x' }]]) {
      expect(thrownBy(() => loose.sendmmsg(fd, list)).code).toBe('ERR_INVALID_ARG_TYPE');
    }
    for (const list of [null, BYTE, new Array(2), [BYTE, null]]) {
      expect(thrownBy(() => loose.recvmmsg(fd, list)).code).toBe('ERR_INVALID_ARG_TYPE');
    }
  });
});
