// The way to a host, hop by hop, without root: UDP with a small TTL; routers answer into the socket's error queue.
// `node traceroute.mjs [ADDRESS]`; Linux.
import {
  AF_INET,
  controlSpace,
  IP_RECVERR,
  IP_TTL,
  IPPROTO_IP,
  MSG_ERRQUEUE,
  POLLERR,
  SO_EE_ORIGIN_ICMP,
  SOCK_DGRAM,
  sock_extended_err,
} from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';

const TIME_EXCEEDED = 11; // ICMP: the TTL has run out on the way; 3 is "unreachable": the host has no such port
const MOST_HOPS = 30;
const FIRST_PORT = 33_434;
const [address = '127.0.0.1'] = process.argv.slice(2);

/** What the hop at this distance answers: its address, and whether it is the last. */
async function hop(ttl) {
  const socket = new Socket(AF_INET, SOCK_DGRAM);
  try {
    socket.setsockopt(IPPROTO_IP, IP_RECVERR, true);
    socket.setsockopt(IPPROTO_IP, IP_TTL, ttl);
    await socket.sendto(Buffer.from('who is there?'), { family: 'IPv4', address, port: FIRST_PORT + ttl });
    await socket.poll(POLLERR, { signal: AbortSignal.timeout(1000) });
    const { control } = await socket.recvmsg([Buffer.alloc(64)], {
      flags: MSG_ERRQUEUE,
      controlLength: controlSpace(sock_extended_err.size + 64),
    });
    const { error } = control.find((message) => message.error !== undefined);
    if (error.origin !== SO_EE_ORIGIN_ICMP) throw new Error(`errno ${error.errno}, and nobody sent it`);
    return { who: error.offender.address, isLast: error.type !== TIME_EXCEEDED };
  } finally {
    socket.close();
  }
}

if (process.platform === 'linux') {
  for (let ttl = 1, isLast = false; ttl <= MOST_HOPS && !isLast; ttl++) {
    const answer = await hop(ttl).catch((error) => ({ who: error.name === 'TimeoutError' ? '*' : error.message }));
    console.log(String(ttl).padStart(2), answer.who);
    isLast = answer.isLast ?? answer.who !== '*';
  }
} else {
  console.log('only Linux has an error queue: IP_RECVERR');
}
