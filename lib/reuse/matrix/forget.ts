/** Ends the TIME_WAITs that the matrix itself made, so that it leaves nothing behind. */
import type { TcpSocket } from '../../doctor/kernel/observe.js';
import { AF_INET, bind, connect, SOCK_NONBLOCK, SOCK_STREAM, socket } from '../../index.js';
import { readEvidence } from '../probe.js';
import { closeWithReset, codeOf } from './scene.js';

/**
 * Ends each TIME_WAIT between these ports, on which nothing of ours is open any more. It needs no rights: a TIME_WAIT
 * answers a SYN from its old peer with an ACK, the peer, who asked for something else, answers that with a reset, and
 * a reset ends TIME_WAIT (RFC 1337 calls it assassination). Where the system is told not to listen to such a reset
 * (net.ipv4.tcp_rfc1337), or has no list of sockets, they end by themselves after a minute.
 */
export function forgetTimeWaits(ports: readonly number[]): void {
  for (const port of ports) {
    for (const found of readEvidence(port).sockets) {
      if (found.state !== 'TIME_WAIT' || !ports.includes(found.remote.port)) continue;
      // An error is no harm: somebody else has the peer's port now, and this one ends by itself.
      codeOf(() => {
        end(found);
      });
    }
  }
}

/** Asks for a connection from the old peer's address, and waits for nothing. */
function end({ local, remote }: TcpSocket): void {
  const fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
  try {
    bind(fd, { family: 'IPv4', ...remote });
    connect(fd, { family: 'IPv4', ...local }); // EINPROGRESS: the answers come by themselves
  } finally {
    closeWithReset(fd); // where somebody else listens now, it is a connection
  }
}
