// Ping without root: an ICMP socket of type SOCK_DGRAM. `node ping.mjs [ADDRESS]`; Linux and macOS.
// Who may: the groups in net.ipv4.ping_group_range. The error says so.
import {
  AF_INET,
  close,
  connect,
  IPPROTO_ICMP,
  recv,
  send,
  setsockopt,
  SO_RCVTIMEO,
  SOCK_DGRAM,
  SocketError,
  socket,
  SOL_SOCKET,
  timeval,
} from 'bsd-sockets';

const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;
const [address = '127.0.0.1'] = process.argv.slice(2);

/** ICMP's header: type, code, checksum, identifier, sequence. On Linux the kernel fills in checksum and identifier. */
function echoRequest(sequence) {
  const packet = Buffer.alloc(8 + 56);
  packet[0] = ECHO_REQUEST;
  packet.writeUInt16BE(sequence, 6);
  let sum = 0;
  for (let at = 0; at < packet.length; at += 2) sum += packet.readUInt16BE(at);
  packet.writeUInt16BE(~((sum & 0xffff) + (sum >> 16)) & 0xffff, 2);
  return packet;
}

/** The reply, without an IP header before it: macOS gives one. */
function icmpOf(bytes) {
  return bytes[0] >> 4 === 4 ? bytes.subarray((bytes[0] & 15) * 4) : bytes;
}

function ping(fd, sequence) {
  const started = process.hrtime.bigint();
  send(fd, echoRequest(sequence));
  const buffer = Buffer.alloc(256);
  for (;;) {
    const reply = icmpOf(buffer.subarray(0, recv(fd, buffer)));
    if (reply[0] !== ECHO_REPLY || reply.readUInt16BE(6) !== sequence) continue;
    const ms = Number(process.hrtime.bigint() - started) / 1e6;
    return `${reply.length} bytes from ${address}: sequence ${sequence}, ${ms.toFixed(3)} ms`;
  }
}

try {
  const fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval.encode(1000)); // recv waits for a second at most: then EAGAIN
  connect(fd, { family: 'IPv4', address, port: 0 });
  for (const sequence of [1, 2, 3]) console.log(ping(fd, sequence));
  close(fd);
} catch (error) {
  if (!(error instanceof SocketError)) throw error;
  console.log(error.code === 'EAGAIN' ? `no answer from ${address} within a second` : error.message);
}
