import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { networkInterfaces } from 'node:os';
import { made } from '../conformance/fixtures.js';
import { thrownBy } from '../support/sockets.js';

const suite = process.platform === 'linux' ? describe : describe.skip;
const why = process.platform === 'linux' ? '' : ' (skipped: only Linux has it)';

const KERNEL = { family: 'Netlink', pid: 0, groups: 0 } as const;
// linux/netlink.h, linux/rtnetlink.h, linux/if_link.h
const NLM_F_REQUEST = 1;
const NLM_F_DUMP = 0x300;
const NLMSG_DONE = 3;
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
const IFLA_IFNAME = 3;
const NLMSGHDR = 16;
const IFINFOMSG = 16;
const RTMGRP_LINK = 1;

/** struct nlmsghdr and struct ifinfomsg that ask for all links, in the host's byte order: as typed arrays have it. */
function request(): Buffer {
  const bytes = Buffer.alloc(NLMSGHDR + IFINFOMSG);
  new Uint32Array(bytes.buffer, bytes.byteOffset, 1)[0] = bytes.length;
  new Uint16Array(bytes.buffer, bytes.byteOffset + 4, 2).set([RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP]);
  return bytes;
}

const align = (length: number): number => (length + 3) & ~3;

/** The parts of netlink data: each begins with its length and type. */
function* parts(bytes: Buffer, wide: boolean): Generator<{ type: number; data: Buffer }> {
  const header = wide ? NLMSGHDR : 4;
  for (let at = 0; at + header <= bytes.length;) {
    const own = Uint8Array.from(bytes.subarray(at, at + header));
    const length = wide ? (new Uint32Array(own.buffer)[0] ?? 0) : (new Uint16Array(own.buffer)[0] ?? 0);
    const type = new Uint16Array(own.buffer)[wide ? 2 : 1] ?? 0;
    if (length < header) return;
    yield { type, data: bytes.subarray(at + header, at + length) };
    at += align(length);
  }
}

/** The names of all links, as the kernel dumps them. */
function dump(fd: number): string[] {
  const names: string[] = [];
  const buffer = Buffer.alloc(65_536);
  for (;;) {
    const { bytesRead, address } = s.recvfrom(fd, buffer);
    expect(address).toEqual(KERNEL);
    for (const { type, data } of parts(buffer.subarray(0, bytesRead), true)) {
      if (type === NLMSG_DONE) return names;
      if (type !== RTM_NEWLINK) throw new Error(`netlink message ${String(type)}`);
      for (const attribute of parts(data.subarray(IFINFOMSG), false)) {
        if (attribute.type === IFLA_IFNAME) names.push(attribute.data.toString('latin1', 0, attribute.data.length - 1));
      }
    }
  }
}

suite(`netlink${why}`, () => {
  test('dumps the links, the loopback among them', () => {
    const fd = made(s.AF_NETLINK, s.SOCK_RAW, s.NETLINK_ROUTE);
    s.sendto(fd, request(), 0, KERNEL);
    expect(dump(fd)).toEqual(expect.arrayContaining(Object.keys(networkInterfaces())));
  });

  test('sends and receives as well with sendmsg and a connected socket', () => {
    const fd = made(s.AF_NETLINK, s.SOCK_DGRAM, s.NETLINK_ROUTE);
    s.connect(fd, KERNEL);
    expect(s.getpeername(fd)).toEqual(KERNEL);
    s.sendmsg(fd, { buffers: [request().subarray(0, 16), request().subarray(16)] });
    expect(dump(fd)).toContain('lo');
  });

  test('has the port id and the groups that it was bound to', () => {
    const [first, second] = [1, 2].map(() => made(s.AF_NETLINK, s.SOCK_RAW, s.NETLINK_ROUTE)) as [number, number];
    expect(s.getsockname(first)).toEqual(KERNEL);
    const address = { family: 'Netlink', pid: 2 ** 32 - 2, groups: RTMGRP_LINK } as const;
    s.bind(first, address);
    expect(s.getsockname(first)).toEqual(address);
    expect(thrownBy(() => s.bind(second, address)).code).toBe('EADDRINUSE');
    s.bind(second, KERNEL);
    expect(s.getsockname(second)).toMatchObject({ family: 'Netlink', pid: expect.any(Number), groups: 0 });
  });
});
