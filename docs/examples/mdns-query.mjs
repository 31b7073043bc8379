// Which services are there in the local network? A question by multicast DNS (RFC 6762), answered to our own port.
// `node mdns-query.mjs [NAME [INTERFACE]]`
import {
  AF_INET,
  if_nametoindex,
  ip_mreqn,
  IP_MULTICAST_IF,
  IP_MULTICAST_TTL,
  IPPROTO_IP,
  SOCK_DGRAM,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const GROUP = { family: 'IPv4', address: '224.0.0.251', port: 5353 };
const PTR = 12;
const UNICAST_ANSWER = 0x8000; // "QU": to the one who asks, not to the group
const [name = '_services._dns-sd._udp.local', dev] = process.argv.slice(2);

/** A DNS message with one question. */
function question() {
  const labels = name.split('.').flatMap((label) => [Buffer.from([Buffer.byteLength(label)]), Buffer.from(label)]);
  const header = Buffer.alloc(12);
  header.writeUInt16BE(1, 4); // one question
  const tail = Buffer.from([0, 0, PTR, 0, 1]); // the end of the name; PTR; class IN
  tail.writeUInt16BE(UNICAST_ANSWER | 1, 3);
  return Buffer.concat([header, ...labels, tail]);
}

/** The name at an offset of a message, and where it ends. A pointer leads backwards only: no circle. */
function nameAt(message, at) {
  const labels = [];
  let end;
  for (let length = message[at]; length !== 0; length = message[at]) {
    if (length === undefined) throw new Error('a name is cut off');
    if (length >= 0xc0) {
      const target = message.readUInt16BE(at) & 0x3fff;
      if (target >= at) throw new Error('a name points forward');
      end ??= at + 2;
      at = target;
    } else {
      labels.push(message.toString('utf8', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  return { text: labels.join('.'), end: end ?? at + 1 };
}

/** What the PTR records of an answer point to. */
function* answersIn(message) {
  let at = 12;
  for (let i = message.readUInt16BE(4); i > 0; i--) at = nameAt(message, at).end + 4;
  for (let i = message.readUInt16BE(6); i > 0; i--) {
    const { end } = nameAt(message, at);
    if (message.readUInt16BE(end) === PTR) yield nameAt(message, end + 10).text;
    at = end + 10 + message.readUInt16BE(end + 8);
  }
}

const socket = new Socket(AF_INET, SOCK_DGRAM);
socket.setsockopt(IPPROTO_IP, IP_MULTICAST_TTL, 255);
if (dev !== undefined) {
  const mreqn = { multiaddr: '0.0.0.0', address: '0.0.0.0', ifindex: if_nametoindex(dev) };
  socket.setsockopt(IPPROTO_IP, IP_MULTICAST_IF, ip_mreqn.encode(mreqn));
}
const found = new Set();
try {
  await socket.sendto(question(), GROUP);
  for await (const { data, address } of socket.datagrams({ signal: AbortSignal.timeout(1000) })) {
    for (const answer of answersIn(data)) {
      if (!found.has(answer)) console.log(`${answer} (${address.address})`);
      found.add(answer);
    }
  }
} catch (error) {
  const nobodyMore = error.name === 'TimeoutError';
  console.log(nobodyMore ? `${found.size} answers within a second to ${name}` : error.message); // ENETUNREACH: no network
}
socket.close();
