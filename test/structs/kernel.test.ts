import { describe, expect, test } from '@jest/globals';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  getsockopt,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IP_MULTICAST_IF,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_JOIN_GROUP,
  recv,
  send,
  setsockopt,
  SO_LINGER,
  SO_PEERCRED,
  SO_PEERNAME,
  SO_RCVTIMEO,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  socketpair,
  SOL_SOCKET,
  TCP_ESTABLISHED,
  TCP_INFO,
  TCP_LISTEN,
} from 'bsd-sockets';
import { networkInterfaces } from 'node:os';
import { check } from '../../lib/errors.js';
import { native } from '../../lib/native.js';
import {
  in_addr,
  ip_mreq,
  ip_mreqn,
  ipv6_mreq,
  linger,
  sockaddr,
  tcp_info,
  timeval,
  ucred,
} from '../../lib/structs.js';
import { closing, connection, listener, thrownBy } from '../support/sockets.js';

const linux = process.platform === 'linux';
const onLinux = linux ? test : test.skip;
const why = linux ? '' : ' (skipped: this is not Linux)';
const hasIPv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const onIPv6 = hasIPv6 ? test : test.skip;

/** Sets and gets a struct. */
function roundTrip<Value>(option: number, codec: { size: number; decode(bytes: Buffer): Value }, bytes: Buffer): Value {
  const fd = closing(socket(AF_INET, SOCK_STREAM));
  expect(codec.decode(getsockopt(fd, SOL_SOCKET, option, codec.size))).not.toEqual(codec.decode(bytes));
  setsockopt(fd, SOL_SOCKET, option, bytes);
  return codec.decode(getsockopt(fd, SOL_SOCKET, option, codec.size));
}

describe('the kernel gives back', () => {
  test('the linger that it was given', () => {
    expect(roundTrip(SO_LINGER, linger, linger.encode({ onoff: true, linger: 7 }))).toEqual({ onoff: true, linger: 7 });
  });

  test('the address of the interface for groups that it was given', () => {
    const fd = closing(socket(AF_INET, SOCK_DGRAM));
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, in_addr.encode('127.0.0.1'));
    expect(in_addr.decode(getsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, in_addr.size))).toBe('127.0.0.1');
  });

  onLinux(`an address in an option${why}`, () => {
    // As SO_ORIGINAL_DST does, which only a redirected connection has.
    const { client, address } = connection();
    expect(sockaddr.decode(getsockopt(client, SOL_SOCKET, SO_PEERNAME, 16))).toEqual(address);
    const withZeros = Buffer.concat([
      getsockopt(client, SOL_SOCKET, SO_PEERNAME, 16),
      Buffer.alloc(sockaddr.size - 16),
    ]);
    expect(sockaddr.decode(withZeros)).toEqual(address); // SO_ORIGINAL_DST fills its room
  });

  test('the timeval that it was given', () => {
    expect(roundTrip(SO_RCVTIMEO, timeval, timeval.encode(1500))).toEqual({ sec: 1, usec: 500_000 });
    const given = timeval.encode({ sec: 60, usec: 0 });
    expect(roundTrip(SO_RCVTIMEO, timeval, given)).toEqual({ sec: 60, usec: 0 });
  });

  onLinux(`this process as the peer of a pair${why}`, () => {
    const [fd] = socketpair(AF_UNIX, SOCK_STREAM).map(closing) as [number, number];
    const peer = ucred.decode(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ucred.size));
    expect(peer).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() });
  });
});

describe('TCP_INFO', () => {
  onLinux(`tells of a live connection${why}`, () => {
    const { client, server } = connection();
    send(client, Buffer.alloc(1000));
    let received = 0;
    while (received < 1000) received += recv(server, Buffer.alloc(1000));
    const bytes = getsockopt(server, IPPROTO_TCP, TCP_INFO, tcp_info.size);
    expect(bytes.length).toBeLessThan(tcp_info.size);
    const info = tcp_info.decode(bytes);
    expect(info).toMatchObject({
      state: TCP_ESTABLISHED,
      ca_state: 0,
      total_retrans: 0,
      lost: 0,
      bytes_received: 1000n,
    });
    expect(info.rcv_wscale).toBeLessThanOrEqual(14);
    for (const name of [
      'rto',
      'rtt',
      'snd_mss',
      'rcv_mss',
      'pmtu',
      'snd_cwnd',
      'advmss',
      'rcv_space',
      'segs_in',
    ] as const) {
      expect([name, info[name]]).toEqual([name, expect.any(Number)]);
      expect([name, (info[name] as number) > 0]).toEqual([name, true]);
    }
    const sender = tcp_info.decode(getsockopt(client, IPPROTO_TCP, TCP_INFO, tcp_info.size));
    expect(sender.bytes_sent ?? 1000n).toBe(1000n);
    expect([sender.snd_wscale, sender.rcv_wscale]).toEqual([info.rcv_wscale, info.snd_wscale]);
  });

  onLinux(`tells the backlog of a listener${why}`, () => {
    const { fd } = listener();
    const info = tcp_info.decode(getsockopt(fd, IPPROTO_TCP, TCP_INFO, tcp_info.size));
    expect(info).toMatchObject({ state: TCP_LISTEN, unacked: 0 });
    expect(info.sacked).toBeGreaterThan(0);
  });
});

describe('a group of multicast', () => {
  test('is joined and left by the address of the interface', () => {
    const fd = closing(socket(AF_INET, SOCK_DGRAM));
    const group = ip_mreq.encode({ multiaddr: '239.255.1.2', interface: '127.0.0.1' });
    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, group);
    expect(thrownBy(() => setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, group)).code).toBe('EADDRINUSE');
    setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, group);
    expect(thrownBy(() => setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP, group)).code).toBe('EADDRNOTAVAIL');
  });

  test('is joined by the index of the interface', () => {
    const fd = closing(socket(AF_INET, SOCK_DGRAM));
    const ifindex = check(native.if_nametoindex(linux ? 'lo' : 'lo0'), 'if_nametoindex');
    const group = { multiaddr: '239.255.1.3', address: '0.0.0.0', ifindex };
    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, ip_mreqn.encode(group));
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, ip_mreqn.encode(group));
    const wrong = ip_mreqn.encode({ ...group, ifindex: 2 ** 31 - 1 });
    expect(thrownBy(() => setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, wrong)).code).toBe('ENODEV');
  });

  onIPv6(`of IPv6 is joined by the index of the interface${hasIPv6 ? '' : ' (skipped: there is no ::1)'}`, () => {
    const fd = closing(socket(AF_INET6, SOCK_DGRAM));
    const index = check(native.if_nametoindex(linux ? 'lo' : 'lo0'), 'if_nametoindex');
    const group = ipv6_mreq.encode({ multiaddr: 'ff01::1234', interface: index });
    setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, group);
    expect(thrownBy(() => setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, group)).code).toBe('EADDRINUSE');
  });
});

test('a timeval makes a receive give up: EAGAIN', () => {
  const { client } = connection();
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, timeval.encode({ sec: 0, usec: 20_000 }));
  expect(thrownBy(() => recv(client, Buffer.alloc(1))).code).toBe('EAGAIN');
});
