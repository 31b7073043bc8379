/** Made-up comparisons. */
import type { TcpSocket } from '../../lib/doctor/kernel/observe.js';
import type { Comparison, Flag } from '../../lib/reuse/comparison.js';

const CASES: readonly (readonly [Flag, Flag])[] = [
  ['off', 'off'],
  ['off', 'on'],
  ['on', 'off'],
  ['on', 'on'],
];

export function timeWait(expiresInMs: number, port = 40123): TcpSocket {
  return {
    protocol: 'tcp',
    family: 'IPv4',
    state: 'TIME_WAIT',
    local: { address: '127.0.0.1', port },
    remote: { address: '127.0.0.1', port: 50880 },
    uid: 0,
    inode: 0,
    interfaceIndex: 0,
    expiresInMs,
  };
}

/** @param outcome - 'no', 'ok' or an error's name for off/off, off/on, on/off and on/on */
export function comparison(outcome: string, expiresInMs: number | null = 59_980): Comparison {
  const results = outcome.split(' ').map((word) => (word === 'no' ? 'EADDRINUSE' : word));
  return {
    platform: 'linux',
    system: 'Linux',
    kernel: '6.18.0',
    runs: CASES.map(([first, second], index) => ({
      first,
      second,
      port: 40123 + index,
      result: results[index] ?? '',
      evidence: expiresInMs === null ? [] : [timeWait(expiresInMs, 40123 + index)],
      readAtMs: 1234,
    })),
  };
}
