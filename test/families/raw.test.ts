import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { spawnSync } from 'node:child_process';
import { NEEDS_ROOT } from '../conformance/case.js';
import { v4, v6 } from '../conformance/endpoints.js';
import { made, NEEDS_IPV6 } from '../conformance/fixtures.js';
import { AS_NOBODY, lines, LOOPBACK_UP, OWN_NETWORK } from '../conformance/processes.js';

const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
const ECHO6_REQUEST = 128;
const ECHO6_REPLY = 129;
const HEADER = 8;
const PAYLOAD = 'are you there?';

/** An ICMP echo request, with its checksum; of ICMPv6 the kernel writes that. */
function echo(type: number, id: number): Buffer {
  const packet = Buffer.concat([Buffer.alloc(HEADER), Buffer.from(PAYLOAD)]);
  packet.writeUInt8(type);
  packet.writeUInt16BE(id, 4);
  if (type === ECHO_REQUEST) packet.writeUInt16BE(checksum(packet), 2);
  return packet;
}

/** The internet checksum of RFC 1071, of an even number of bytes. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Waits for an ICMP message of the type and id; what it carries, and from whom. */
function awaitEcho(fd: number, type: number, id: number, ipHeader: boolean): [string, s.SocketAddress | null] {
  const buffer = Buffer.alloc(256);
  for (;;) {
    const { bytesRead, address } = s.recvfrom(fd, buffer);
    const at = ipHeader ? ((buffer[0] ?? 0) & 15) * 4 : 0;
    if (buffer[at] !== type || buffer.readUInt16BE(at + 4) !== id) continue; // another program's, or the request
    return [buffer.toString('latin1', at + HEADER, bytesRead), address];
  }
}

const asRoot = NEEDS_ROOT === undefined ? test : test.skip;
const why = NEEDS_ROOT === undefined ? '' : ` (skipped: ${NEEDS_ROOT})`;
const noIPv6 = NEEDS_ROOT ?? NEEDS_IPV6;
const asRootOnIPv6 = noIPv6 === undefined ? test : test.skip;
const whyNoIPv6 = noIPv6 === undefined ? '' : ` (skipped: ${noIPv6})`;

const unshared = spawnSync('unshare', ['--net', 'true'], { encoding: 'latin1' });
const noNetwork = unshared.status === 0 ? NEEDS_ROOT : 'a process cannot be given a network of its own';
const inOwnNetwork = noNetwork === undefined ? test : test.skip;
const whyNoNetwork = noNetwork === undefined ? '' : ` (skipped: ${noNetwork})`;

describe('a raw socket', () => {
  const id = process.pid & 0xffff;

  asRoot(`gets the answer to an ICMP echo, with its IP header${why}`, () => {
    const fd = made(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP);
    s.sendto(fd, echo(ECHO_REQUEST, id), 0, v4());
    expect(awaitEcho(fd, ECHO_REPLY, id, true)).toEqual([PAYLOAD, v4()]);
  });

  asRoot(`sends an IP header of its own with IP_HDRINCL${why}`, () => {
    const fd = made(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP);
    s.setsockopt(fd, s.IPPROTO_IP, s.IP_HDRINCL, true);
    const header = Buffer.from('4500000000000000400100007f0000017f000001', 'hex'); // the kernel fills in the rest
    s.sendmsg(fd, { buffers: [header, echo(ECHO_REQUEST, id ^ 1)], address: v4() });
    expect(awaitEcho(fd, ECHO_REPLY, id ^ 1, true)).toEqual([PAYLOAD, v4()]);
  });

  asRoot(`takes a filter of ICMP types${why}`, () => {
    const fd = made(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP);
    const blocked = Buffer.from(new Uint32Array([~(1 << ECHO_REPLY)]).buffer);
    s.setsockopt(fd, s.SOL_RAW, s.ICMP_FILTER, blocked);
    expect(s.getsockopt(fd, s.SOL_RAW, s.ICMP_FILTER, 4)).toEqual(blocked);
    s.sendto(fd, echo(ECHO_REQUEST, id ^ 2), 0, v4());
    expect(awaitEcho(fd, ECHO_REPLY, id ^ 2, true)[0]).toBe(PAYLOAD);
  });

  asRootOnIPv6(`gets the answer to an ICMPv6 echo, without a header${whyNoIPv6}`, () => {
    const fd = made(s.AF_INET6, s.SOCK_RAW, s.IPPROTO_ICMPV6);
    s.sendto(fd, echo(ECHO6_REQUEST, id), 0, v6());
    const [payload, address] = awaitEcho(fd, ECHO6_REPLY, id, false);
    expect([payload, address]).toEqual([PAYLOAD, v6()]);
  });

  asRoot(`is nothing for an ordinary user: EPERM${why}`, async () => {
    const code = `${AS_NOBODY} say(() => s.socket(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP));`;
    expect(await lines(code)).toEqual(['EPERM']);
  });
});

describe('a ping socket', () => {
  inOwnNetwork(
    `of an ordinary user is refused, or gets its answer, as ping_group_range says${whyNoNetwork}`,
    async () => {
      const code = `
      import { writeFileSync } from 'node:fs';
      ${LOOPBACK_UP}
      const allow = (text) => writeFileSync('/proc/sys/net/ipv4/ping_group_range', text);
      const ping = () => s.socket(s.AF_INET, s.SOCK_DGRAM, s.IPPROTO_ICMP);
      allow('1 0');
      say(ping);
      allow('65534 65534');
      ${AS_NOBODY}
      const fd = ping();
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(5000));
      s.bind(fd, v4(1234)); // the id of the echo: the kernel writes it, and the checksum
      const request = Buffer.from('\\x08\\0\\0\\0\\0\\0\\0\\x07hello', 'latin1');
      s.sendto(fd, request, 0, v4(0));
      const buffer = Buffer.alloc(64);
      const { bytesRead, address } = s.recvfrom(fd, buffer);
      const reply = [buffer[0], buffer.readUInt16BE(4), buffer.readUInt16BE(6), buffer.toString('latin1', 8, bytesRead)];
      console.log(JSON.stringify([...reply, address, s.getsockname(fd)]));`;
      const address = { family: 'IPv4', address: '127.0.0.1', port: 0 };
      const [refused, answer = ''] = await lines(code, OWN_NETWORK);
      expect(refused).toBe('EACCES');
      expect(JSON.parse(answer)).toEqual([ECHO_REPLY, 1234, 7, 'hello', address, { ...address, port: 1234 }]);
    },
  );
});
