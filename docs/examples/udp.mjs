// Datagrams: sendto, recvfrom, and many in one call: sendmmsg, recvmmsg (Linux).
import {
  AF_INET,
  bind,
  close,
  getsockname,
  MSG_TRUNC,
  MSG_WAITFORONE,
  recvfrom,
  recvmmsg,
  sendmmsg,
  sendto,
  SOCK_DGRAM,
  socket,
} from 'bsd-sockets';

const receiver = socket(AF_INET, SOCK_DGRAM);
bind(receiver, { family: 'IPv4', address: '127.0.0.1', port: 0 });
const address = getsockname(receiver);
const sender = socket(AF_INET, SOCK_DGRAM);

sendto(sender, Buffer.from('a datagram'), 0, address);
const buffer = Buffer.alloc(4);
const { bytesRead, address: from } = recvfrom(receiver, buffer, MSG_TRUNC);
console.log(`${bytesRead} bytes from ${from.address}, of which the buffer took "${buffer}"`);

if (process.platform === 'linux') {
  const texts = ['one', 'two', 'three'];
  sendmmsg(
    sender,
    texts.map((text) => ({ buffers: [Buffer.from(text)], address })),
  );
  const buffers = Array.from({ length: 8 }, () => Buffer.alloc(16));
  const datagrams = recvmmsg(receiver, buffers, MSG_WAITFORONE);
  console.log(datagrams.map(({ bytesRead: length }, i) => buffers[i].toString('utf8', 0, length)));
}
close(sender);
close(receiver);
