/** The kernel's table of IPv4 connections as text: /proc/net/tcp. Nothing of it comes from sock_diag. */
import { readFileSync } from 'node:fs';

// include/net/tcp_states.h
const STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RECV',
];

/** `LISTEN 12000 0`: the state and both ports of each socket that has the port at either end, sorted. */
export function procSockets(port: number): string[] {
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => {
      const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/);
      const portOf = (end: string): number => parseInt(end.split(':')[1] ?? '', 16);
      return { local: portOf(local), remote: portOf(remote), state: STATES[parseInt(state, 16)] ?? state };
    })
    .filter(({ local, remote }) => local === port || remote === port)
    .map(({ local, remote, state }) => `${state} ${String(local)} ${String(remote)}`)
    .sort();
}
