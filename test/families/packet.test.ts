import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { NEEDS_ROOT } from '../conformance/case.js';
import { made, udp } from '../conformance/fixtures.js';
import { closing, timed } from '../support/sockets.js';

const asRoot = NEEDS_ROOT === undefined ? test : test.skip;
const why = NEEDS_ROOT === undefined ? '' : ` (skipped: ${NEEDS_ROOT})`;
const IPV4 = { family: 'Packet', protocol: s.ETH_P_IP } as const;

/** A packet socket on the loopback that gets IPv4 packets. */
function packetSocket(type: number): number {
  const fd = made(s.AF_PACKET, type);
  s.bind(fd, { ...IPV4, ifindex: s.if_nametoindex('lo') });
  return fd;
}

/** Waits for the packet of the kind that has the marker in it; from whom it is. */
function awaitPacket(fd: number, buffer: Buffer, marker: string, kind: number): s.SocketAddress {
  for (;;) {
    const { bytesRead, address } = s.recvfrom(fd, buffer);
    const mine = buffer.subarray(0, bytesRead).includes(marker);
    if (mine && address?.family === 'Packet' && address.pkttype === kind) return address;
  }
}

describe('a packet socket', () => {
  asRoot(`has the address that it was bound to${why}`, () => {
    const fd = packetSocket(s.SOCK_DGRAM);
    const name = s.getsockname(fd);
    const lo = s.if_nametoindex('lo');
    const loopback = { ...IPV4, ifindex: lo, hatype: 772, pkttype: 0, address: new Uint8Array(6) }; // ARPHRD_LOOPBACK
    expect(name).toEqual(loopback);
    s.bind(fd, name);
    expect(s.getsockname(fd)).toEqual(name);
  });

  asRoot(`sees a datagram on the loopback, and puts the same packet back${why}`, () => {
    const marker = `bsd-sockets-${String(process.pid)}`;
    const [receiver, sender] = [udp(), udp()];
    const fd = packetSocket(s.SOCK_DGRAM);
    s.sendto(sender, Buffer.from(marker), 0, s.getsockname(receiver));
    const buffer = Buffer.alloc(2048);
    const address = awaitPacket(fd, buffer, marker, s.PACKET_HOST);
    expect(address).toMatchObject({ ...IPV4, ifindex: s.if_nametoindex('lo'), hatype: 772 });
    expect([buffer[0], buffer[9]]).toEqual([0x45, s.IPPROTO_UDP]); // no link-layer header: the IP header comes first
    const packet = Buffer.from(buffer.subarray(0, buffer.readUInt16BE(2)));
    const observer = packetSocket(s.SOCK_DGRAM);
    expect(s.sendto(fd, packet, 0, address)).toBe(packet.length);
    awaitPacket(observer, buffer, marker, s.PACKET_HOST);
    expect(buffer.subarray(0, packet.length)).toEqual(packet);
  });

  asRoot(`of raw type has the link-layer header, too${why}`, () => {
    const marker = `bsd-sockets-raw-${String(process.pid)}`;
    const [receiver, sender] = [udp(), udp()];
    const fd = packetSocket(s.SOCK_RAW);
    s.sendto(sender, Buffer.from(marker), 0, s.getsockname(receiver));
    const buffer = Buffer.alloc(2048);
    awaitPacket(fd, buffer, marker, s.PACKET_HOST);
    expect([buffer.readUInt16BE(12), buffer[14]]).toEqual([s.ETH_P_IP, 0x45]);
    const bytes = s.getsockopt(fd, s.SOL_PACKET, s.PACKET_STATISTICS, 8);
    expect(new Uint32Array(Uint8Array.from(bytes).buffer)[0]).toBeGreaterThanOrEqual(1);
  });

  asRoot(`tells by recvmsg, too, and with the control message that it asks for${why}`, () => {
    const marker = `bsd-sockets-recvmsg-${String(process.pid)}`;
    const fd = packetSocket(s.SOCK_DGRAM);
    s.setsockopt(fd, s.SOL_PACKET, s.PACKET_AUXDATA, 1);
    s.sendto(udp(), Buffer.from(marker), 0, s.getsockname(udp()));
    const buffer = Buffer.alloc(2048);
    for (;;) {
      const { bytesRead, control, flags } = s.recvmsg(fd, [buffer], { controlLength: 256 });
      if (!buffer.subarray(0, bytesRead).includes(marker)) continue;
      expect([control.map(({ level, type }) => [level, type]), flags]).toEqual([[[s.SOL_PACKET, s.PACKET_AUXDATA]], 0]);
      break;
    }
    const asInC = { flags: s.MSG_DONTWAIT | s.MSG_CMSG_CLOEXEC };
    expect(() => s.recvmsg(fd, [buffer], asInC)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  });

  asRoot(`hears nothing before it is bound where its protocol is 0${why}`, () => {
    const fd = timed(closing(s.socket(s.AF_PACKET, s.SOCK_RAW, 0)), 5000);
    s.sendto(udp(), Buffer.from('x'), 0, s.getsockname(udp()));
    expect(() => s.recv(fd, Buffer.alloc(8), s.MSG_DONTWAIT)).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
  });
});
