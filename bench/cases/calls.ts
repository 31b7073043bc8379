/** What one call costs, in CPU time: nobody waits for anybody, and what else runs on the machine does not count. */
import type { Case } from './case.js';

export const getsockopt: Case = {
  name: 'getsockopt',
  title: 'one getsockopt(SO_REUSEADDR)',
  loop: 'getsockopt',
  metrics: { cpu: { rate: 0.82, aheadOf: ['koffi'] } },
  peers: ['C, threaded', 'koffi', 'python'],
};

export const pair: Case = {
  name: 'pair',
  title: 'send and recv of 1 byte on a connected pair',
  loop: 'pair',
  metrics: { cpu: { rate: 0.86, aheadOf: ['koffi', 'posix-socket'] } },
  peers: ['C, threaded', 'posix-socket', 'koffi', 'python'],
};
