// Ten datagrams by one send, and received by one call: UDP_SEGMENT (GSO) and UDP_GRO; udp(7), Linux.
import {
  AF_INET,
  bind,
  close,
  connect,
  controlSpace,
  getsockname,
  IPPROTO_UDP,
  recvmsg,
  send,
  setsockopt,
  SOCK_DGRAM,
  socket,
  UDP_GRO,
  UDP_SEGMENT,
} from 'bsd-sockets';
import { endianness } from 'node:os';

const SEGMENT = 1000;

if (process.platform === 'linux') {
  const receiver = socket(AF_INET, SOCK_DGRAM);
  bind(receiver, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  setsockopt(receiver, IPPROTO_UDP, UDP_GRO, true);
  const sender = socket(AF_INET, SOCK_DGRAM);
  connect(sender, getsockname(receiver));
  setsockopt(sender, IPPROTO_UDP, UDP_SEGMENT, SEGMENT);

  console.log(send(sender, Buffer.alloc(10 * SEGMENT)), 'bytes in one send');
  const buffer = Buffer.alloc(65_535);
  for (let missing = 10 * SEGMENT; missing > 0;) {
    const { bytesRead, control } = recvmsg(receiver, [buffer], { controlLength: controlSpace(4) });
    const gro = control.find(({ level, type }) => level === IPPROTO_UDP && type === UDP_GRO);
    const size = gro ? (endianness() === 'LE' ? gro.data.readInt32LE() : gro.data.readInt32BE()) : bytesRead;
    console.log(`${bytesRead} bytes received at once: ${Math.ceil(bytesRead / size)} datagrams of ${size}`);
    missing -= bytesRead;
  }
  close(receiver);
  close(sender);
} else {
  console.log('only Linux has UDP_SEGMENT');
}
