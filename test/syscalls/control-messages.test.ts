/** The control messages that the kernel writes and reads: ip(7), ipv6(7), socket(7). */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { bound, NONE, v4, v6 } from '../conformance/endpoints.js';
import { deserted, made, NEEDS_IPV6, needsLinux, pair, sendText, udp, udpPair } from '../conformance/fixtures.js';
import { outcome } from '../conformance/case.js';
import { connection } from '../support/sockets.js';
import { until } from '../support/until.js';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: only Linux has it)';
const onIPv6 = NEEDS_IPV6 === undefined && process.platform === 'linux' ? describe : describe.skip;
const whyNoIPv6 = NEEDS_IPV6 === undefined ? why : ` (skipped: ${NEEDS_IPV6})`;
const BYTE = Buffer.from('x');
const ROOM = { controlLength: 512 };

/** Receives a byte; the fields of its control messages. */
function fields(fd: number, flags = 0): Partial<s.ControlFields> {
  const { control } = s.recvmsg(fd, [Buffer.alloc(64)], { ...ROOM, flags });
  const told = control.flatMap((message) => Object.entries(message));
  return Object.fromEntries(told.filter(([name]) => !['level', 'type', 'data'].includes(name)));
}

/** Two UDP sockets of IPv6: the second is bound. */
function udp6(): { sender: number; receiver: number; address: s.SocketAddress } {
  const receiver = bound(v6(), NONE, s.SOCK_DGRAM);
  return { sender: made(s.AF_INET6, s.SOCK_DGRAM), receiver, address: s.getsockname(receiver) };
}

onLinux(`when a datagram came${why}`, () => {
  /** Milliseconds since 1970 of a time. */
  const ms = (time: s.Timespec | s.Timeval | undefined): number => {
    if (time === undefined) return -1;
    return time.sec * 1000 + ('usec' in time ? time.usec / 1e3 : time.nsec / 1e6);
  };

  /** Is it a time between the start of the test and now, give or take a second of clock adjustment? */
  function plausible(time: s.Timespec | s.Timeval | undefined): boolean {
    return Math.abs(ms(time) - Date.now()) < 30_000;
  }

  test('SO_TIMESTAMP tells in microseconds, SO_TIMESTAMPNS in nanoseconds', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.SOL_SOCKET, s.SO_TIMESTAMP, true);
    sendText(a, 'x');
    const { timestamp } = fields(b);
    s.setsockopt(b, s.SOL_SOCKET, s.SO_TIMESTAMPNS, true);
    sendText(a, 'x');
    const { timestampNs } = fields(b);
    expect([plausible(timestamp), plausible(timestampNs)]).toEqual([true, true]);
  });

  test('SO_TIMESTAMPING tells three times, of which a loopback has the first', async () => {
    const [a, b] = udpPair();
    const flags = s.SOF_TIMESTAMPING_RX_SOFTWARE | s.SOF_TIMESTAMPING_SOFTWARE;
    s.setsockopt(b, s.SOL_SOCKET, s.SO_TIMESTAMPING, flags);
    let timestamping: ReturnType<typeof fields>['timestamping'] = [];
    await until(() => {
      sendText(a, 'x'); // the kernel begins to note it a moment after the call: what comes before has none
      ({ timestamping = [] } = fields(b));
      return timestamping.length > 0;
    });
    expect(plausible(timestamping[0])).toBe(true);
    expect(timestamping.slice(1)).toEqual([
      { sec: 0, nsec: 0 },
      { sec: 0, nsec: 0 },
    ]);
  });

  test('a send is told in the error queue, with its number', () => {
    const [a] = udpPair();
    const flags = s.SOF_TIMESTAMPING_TX_SOFTWARE | s.SOF_TIMESTAMPING_SOFTWARE | s.SOF_TIMESTAMPING_OPT_ID;
    s.setsockopt(a, s.SOL_SOCKET, s.SO_TIMESTAMPING, flags | s.SOF_TIMESTAMPING_OPT_TSONLY);
    sendText(a, 'x');
    s.poll([{ fd: a, events: 0 }], 5000);
    const { timestamping = [], error } = fields(a, s.MSG_ERRQUEUE);
    expect(plausible(timestamping[0])).toBe(true);
    expect(error).toMatchObject({
      origin: s.SO_EE_ORIGIN_TIMESTAMPING,
      info: s.SCM_TSTAMP_SND,
      data: 0,
      offender: null,
    });
  });
});

onLinux(`IPv4${why}`, () => {
  test('IP_PKTINFO tells the interface and the addresses, and chooses the source', () => {
    const receiver = bound(v4(0, '0.0.0.0'), NONE, s.SOCK_DGRAM);
    s.setsockopt(receiver, s.IPPROTO_IP, s.IP_PKTINFO, true);
    const { port } = s.getsockname(receiver) as { port: number };
    const pktinfo = { ifindex: 0, spec_dst: '127.0.0.3', addr: '0.0.0.0' };
    const control = [{ level: s.IPPROTO_IP, type: s.IP_PKTINFO, pktinfo }];
    s.sendmsg(made(s.AF_INET, s.SOCK_DGRAM), { buffers: [BYTE], address: v4(port, '127.0.0.2'), control });
    const { address, control: told } = s.recvmsg(receiver, [Buffer.alloc(1)], ROOM);
    expect(address).toMatchObject({ address: '127.0.0.3' });
    const lo = s.if_nametoindex('lo');
    expect(told[0]?.pktinfo).toEqual({ ifindex: lo, spec_dst: '127.0.0.2', addr: '127.0.0.2' });
  });

  test('IP_TTL and IP_TOS are told, and set for one datagram', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.IPPROTO_IP, s.IP_RECVTTL, true);
    s.setsockopt(b, s.IPPROTO_IP, s.IP_RECVTOS, true);
    const ttl = { level: s.IPPROTO_IP, type: s.IP_TTL, ttl: 3 };
    const tos = { level: s.IPPROTO_IP, type: s.IP_TOS, tos: 0x28 };
    s.sendmsg(a, { buffers: [BYTE], control: [ttl, tos] });
    sendText(a, 'x');
    expect([fields(b), fields(b)]).toEqual([
      { ttl: 3, tos: 0x28 },
      { ttl: s.getsockopt(a, s.IPPROTO_IP, s.IP_TTL), tos: 0 },
    ]);
  });

  test.each([0, -1, 256])('a TTL of %d is refused by the kernel: EINVAL', (ttl) => {
    const control = [{ level: s.IPPROTO_IP, type: s.IP_TTL, ttl }];
    expect(outcome(() => s.sendmsg(udpPair()[0], { buffers: [BYTE], control }))).toBe('EINVAL');
  });

  test('IP_RECVERR tells the error, and whose ICMP message told it', () => {
    const fd = udp();
    s.setsockopt(fd, s.IPPROTO_IP, s.IP_RECVERR, true);
    const address = deserted(s.SOCK_DGRAM);
    s.sendto(fd, Buffer.from('ping'), 0, address);
    s.poll([{ fd, events: 0 }], 5000);
    const buffer = Buffer.alloc(16);
    const message = s.recvmsg(fd, [buffer], { ...ROOM, flags: s.MSG_ERRQUEUE });
    expect(buffer.toString('latin1', 0, message.bytesRead)).toBe('ping');
    expect([message.address, message.flags & s.MSG_ERRQUEUE]).toEqual([address, s.MSG_ERRQUEUE]);
    expect(message.control).toHaveLength(1);
    expect(message.control[0]?.error).toEqual({
      errno: 111,
      origin: s.SO_EE_ORIGIN_ICMP,
      type: 3,
      code: 3,
      info: 0,
      data: 0,
      offender: v4(),
    });
  });

  test('room that cuts a message: MSG_CTRUNC, and the rest of it without a meaning', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.IPPROTO_IP, s.IP_PKTINFO, true);
    sendText(a, 'x');
    const { control, flags } = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(0) + 6 });
    expect([flags & s.MSG_CTRUNC, control[0]?.data.length, control[0]?.pktinfo]).toEqual([s.MSG_CTRUNC, 6, undefined]);
  });
});

onLinux(`messages that are told as bytes${why}`, () => {
  test('UDP_SEGMENT cuts what is sent, and UDP_GRO tells how it was cut', () => {
    const [a, b] = udpPair();
    s.setsockopt(b, s.IPPROTO_UDP, s.UDP_GRO, true);
    const data = Buffer.from(new Uint16Array([1000]).buffer);
    s.sendmsg(a, { buffers: [Buffer.alloc(2500)], control: [{ level: s.IPPROTO_UDP, type: s.UDP_SEGMENT, data }] });
    const { bytesRead, control } = s.recvmsg(b, [Buffer.alloc(4096)], ROOM);
    const [message] = control;
    expect([bytesRead, message?.level, message?.type]).toEqual([2500, s.IPPROTO_UDP, s.UDP_GRO]);
    expect(new Int32Array(Uint8Array.from(message?.data ?? []).buffer)[0]).toBe(1000);
  });

  test('a zero-copy send is told in the error queue once its buffer is free', () => {
    const { client } = connection();
    s.setsockopt(client, s.SOL_SOCKET, s.SO_ZEROCOPY, true);
    const buffer = Buffer.alloc(100_000, 'x');
    s.sendmsg(client, { buffers: [buffer], flags: s.MSG_ZEROCOPY });
    s.poll([{ fd: client, events: 0 }], 5000);
    const { control } = s.recvmsg(client, [], { ...ROOM, flags: s.MSG_ERRQUEUE });
    expect(control[0]?.error).toMatchObject({ errno: 0, origin: s.SO_EE_ORIGIN_ZEROCOPY, info: 0, offender: null });
    expect(buffer.length).toBe(100_000); // it was in use until here
  });
});

onIPv6(`IPv6${whyNoIPv6}`, () => {
  test('IPV6_PKTINFO tells the interface and the address, and chooses the source', () => {
    const { sender, receiver, address } = udp6();
    s.setsockopt(receiver, s.IPPROTO_IPV6, s.IPV6_RECVPKTINFO, true);
    const lo = s.if_nametoindex('lo');
    const pktinfo6 = { addr: '::1', ifindex: lo };
    s.sendmsg(sender, {
      buffers: [BYTE],
      address,
      control: [{ level: s.IPPROTO_IPV6, type: s.IPV6_PKTINFO, pktinfo6 }],
    });
    expect(fields(receiver)).toEqual({ pktinfo6 });
    const nobody = { level: s.IPPROTO_IPV6, type: s.IPV6_PKTINFO, pktinfo6: { addr: '2001:db8::1', ifindex: 0 } };
    expect(outcome(() => s.sendmsg(sender, { buffers: [BYTE], address, control: [nobody] }))).toBe('EINVAL');
  });

  test('IPV6_HOPLIMIT and IPV6_TCLASS are told, and set for one datagram; -1 hops are the usual ones', () => {
    const { sender, receiver, address } = udp6();
    s.setsockopt(receiver, s.IPPROTO_IPV6, s.IPV6_RECVHOPLIMIT, true);
    s.setsockopt(receiver, s.IPPROTO_IPV6, s.IPV6_RECVTCLASS, true);
    const usual = s.getsockopt(sender, s.IPPROTO_IPV6, s.IPV6_UNICAST_HOPS);
    const hops = (ttl: number): s.ControlMessageToSend => ({ level: s.IPPROTO_IPV6, type: s.IPV6_HOPLIMIT, ttl });
    const tclass = { level: s.IPPROTO_IPV6, type: s.IPV6_TCLASS, tos: 0x28 };
    for (const control of [[hops(7), tclass], [hops(-1)]]) s.sendmsg(sender, { buffers: [BYTE], address, control });
    expect([fields(receiver), fields(receiver)]).toEqual([
      { ttl: 7, tos: 0x28 },
      { ttl: usual, tos: 0 },
    ]);
  });

  test('IPV6_RECVERR tells the error, and whose ICMPv6 message told it', () => {
    const { sender, receiver, address } = udp6();
    s.setsockopt(sender, s.IPPROTO_IPV6, s.IPV6_RECVERR, true);
    const { port } = address as { port: number };
    s.setsockopt(receiver, s.SOL_SOCKET, s.SO_REUSEADDR, true);
    s.connect(receiver, v6(9)); // it takes nothing from others now
    s.sendto(sender, BYTE, 0, v6(port));
    s.poll([{ fd: sender, events: 0 }], 5000);
    const { error } = fields(sender, s.MSG_ERRQUEUE);
    expect(error).toMatchObject({ errno: 111, origin: s.SO_EE_ORIGIN_ICMP6, type: 1, code: 4, offender: v6() });
  });
});

const noPidfd = needsLinux(6, 5);
const whyNoPidfd = noPidfd === undefined ? '' : ` (skipped: ${noPidfd})`;
const withPidfd = noPidfd === undefined ? test : test.skip;

onLinux(`a descriptor of the sender's process${why}`, () => {
  withPidfd(`is close-on-exec, and ours to close${whyNoPidfd}`, () => {
    const [a, b] = pair();
    s.setsockopt(b, s.SOL_SOCKET, s.SO_PASSPIDFD, true);
    sendText(a, 'x');
    const { control } = s.recvmsg(b, [Buffer.alloc(1)], { controlLength: s.controlSpace(4) });
    const [message] = control;
    expect([message?.level, message?.type]).toEqual([s.SOL_SOCKET, s.SCM_PIDFD]);
    const [fd = -1] = message?.fds ?? [];
    expect(s.fcntl(fd, s.F_GETFD)).toBe(s.FD_CLOEXEC);
    s.close(fd);
  });
});
