// The network's interfaces, and every change of them as it happens: rtnetlink(7). `node link-monitor.mjs [--watch]`; Linux.
import {
  AF_NETLINK,
  IFLA_IFNAME,
  IFLA_MTU,
  NETLINK_ROUTE,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTMGRP_LINK,
  SOCK_RAW,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { endianness } from 'node:os';

const NLMSGHDR = 16; // struct nlmsghdr: length, type, flags, sequence, port
const IFINFOMSG = 16; // struct ifinfomsg: family, type, index, flags, change
const IFF_UP = 1;
const isLittle = endianness() === 'LE'; // netlink speaks in the host's byte order
const u16 = (bytes, at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
const u32 = (bytes, at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));

/** struct nlmsghdr with struct ifinfomsg behind it: tell me all links. */
function getLinks() {
  const request = Buffer.alloc(NLMSGHDR + IFINFOMSG);
  new Uint32Array(request.buffer, request.byteOffset, 1)[0] = request.length;
  new Uint16Array(request.buffer, request.byteOffset + 4, 2).set([RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP]);
  return request;
}

/** The parts of a datagram: messages, or the attributes of one. Each begins with its length; 4 bytes are the grain. */
function* parts(bytes, headerSize, read) {
  for (let at = 0; at + headerSize <= bytes.length;) {
    const { length, type } = read(bytes, at);
    if (length < headerSize) return;
    yield { type, data: bytes.subarray(at + headerSize, at + length) };
    at += (length + 3) & ~3;
  }
}
const messagesOf = (bytes) => parts(bytes, NLMSGHDR, (b, at) => ({ length: u32(b, at), type: u16(b, at + 4) }));
const attributesOf = (bytes) => parts(bytes, 4, (b, at) => ({ length: u16(b, at), type: u16(b, at + 2) }));

function describe(type, data) {
  const attributes = new Map([...attributesOf(data.subarray(IFINFOMSG))].map((one) => [one.type, one.data]));
  const name = attributes.get(IFLA_IFNAME)?.toString('utf8').replace(/\0$/, '');
  const mtu = attributes.get(IFLA_MTU);
  const state = type === RTM_DELLINK ? 'gone' : (u32(data, 8) & IFF_UP) !== 0 ? 'up' : 'down';
  return `${u32(data, 4)}: ${name} ${state}${mtu ? `, MTU ${u32(mtu, 0)}` : ''}`;
}

if (process.platform === 'linux') {
  const socket = new Socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  socket.bind({ family: 'Netlink', pid: 0, groups: RTMGRP_LINK });
  await socket.sendto(getLinks(), { family: 'Netlink', pid: 0, groups: 0 });
  for await (const { data: datagram } of socket.datagrams()) {
    for (const { type, data } of messagesOf(datagram)) {
      if (type === RTM_NEWLINK || type === RTM_DELLINK) console.log(describe(type, data));
      if (type === NLMSG_ERROR) throw new Error(`netlink: errno ${-(u32(data, 0) | 0)}`);
      if (type === NLMSG_DONE) {
        if (!process.argv.includes('--watch'))
          socket.close(); // ends the loop
        else console.log('waiting for changes; Ctrl-C ends');
      }
    }
  }
} else {
  console.log('only Linux has netlink');
}
