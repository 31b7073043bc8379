/** What a server costs whose client is another process: the generator in C, the same for every contestant. */
import type { Case } from './case.js';

// A rate by the clock counts the generator's time too; a rate per CPU second counts the server's alone,
// so it is the harder one. The goals are those of the harder one.
export const pingPong: Case = {
  name: 'ping-pong',
  title: 'blocking 40-byte ping-pong, two cores',
  loop: 'ping-pong',
  generator: { play: 'ping-pong', core: 1 },
  metrics: { wall: null, cpu: { rate: 0.93 } },
  peers: ['C, threaded', 'posix-socket', 'koffi', 'python'],
};

export const pingPongOneCore: Case = {
  name: 'ping-pong-one-core',
  title: 'blocking 40-byte ping-pong, one core',
  loop: 'ping-pong',
  generator: { play: 'ping-pong', core: 0 },
  metrics: { wall: null, cpu: { rate: 0.85 } },
  peers: ['C, threaded', 'posix-socket', 'koffi', 'python'],
};

export const conversation: Case = {
  name: 'conversation',
  title: 'accept, recv 40, send 40, close',
  loop: 'conversation',
  generator: { play: 'conversation', core: 1 },
  metrics: { cpu: { rate: 0.92, aheadOf: ['posix-socket', 'python'] } },
  peers: ['C, threaded', 'posix-socket', 'koffi', 'python'],
};
