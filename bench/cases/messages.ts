/** What one direction costs, in CPU time: the other end is served once for many calls, by the contestant itself. */
import { C_RECV, OURS_RECV } from '../contestants.js';
import type { Case } from './case.js';

export const recv: Case = {
  name: 'recv',
  title: 'recv of 64 bytes; one send loads 64',
  loop: 'recv',
  metrics: { cpu: null },
  peers: ['C, threaded', 'posix-socket', 'koffi', 'python'],
};

export const recvfrom: Case = {
  name: 'recvfrom',
  title: 'recvfrom of 64 bytes over UDP; one send loads 32',
  loop: 'recvfrom',
  metrics: { cpu: null },
  peers: ['C, threaded', 'koffi', 'python'],
  note: "without posix-socket, whose recvfrom puts the sender's address nowhere",
};

export const sendmsg: Case = {
  name: 'sendmsg',
  title: 'sendmsg of 2 × 32 bytes; one recv empties 64',
  loop: 'sendmsg',
  metrics: { cpu: null },
  peers: ['C, threaded', 'koffi', 'python'],
  note: 'without posix-socket, which has no sendmsg',
};

export const recvmmsg: Case = {
  name: 'recvmmsg',
  title: '32 datagrams of 64 bytes over UDP; one send loads them',
  loop: 'recvmmsg',
  loops: { [OURS_RECV]: 'recv-datagrams', [C_RECV]: 'recv-datagrams' },
  metrics: { cpu: null },
  peers: ['C, threaded', C_RECV, OURS_RECV, 'koffi'],
  note: 'recvmmsg, or recv 32 times; without posix-socket and python, which have no recvmmsg',
};
