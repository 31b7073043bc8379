/** Made-up observations of a port. */
import type { Binds, Holder, Observation } from '../../lib/doctor/kernel/observation.js';

export const PORT = 8080;
export const ASKING_USER = 1000;

/** The four binds in their order: `'busy ok busy ok'`, or other names of errors. */
export function binds(words: string): Binds {
  const results = words.split(' ').map((word) => (word === 'busy' ? 'EADDRINUSE' : word));
  const [none = '', reuseaddr = none, reuseport = none, both = none] = results;
  return { none, reuseaddr, reuseport, both };
}

export function holder(given: Partial<Holder> = {}): Holder {
  return {
    state: 'LISTEN',
    local: { address: '0.0.0.0', port: PORT },
    remote: { address: '0.0.0.0', port: 0 },
    uid: ASKING_USER,
    inode: 77,
    ...given,
  };
}

export function timeWait(given: Partial<Holder> = {}): Holder {
  const remote = { address: '127.0.0.1', port: 50880 };
  return holder({ state: 'TIME_WAIT', remote, uid: 0, inode: 0, expiresInMs: 43_210, ...given });
}

export function observation(
  words: string,
  sockets: readonly Holder[] = [],
  given: Partial<Observation> = {},
): Observation {
  return {
    target: { protocol: 'tcp', address: { family: 'IPv4', address: '0.0.0.0', port: PORT } },
    binds: binds(words),
    sockets,
    uid: ASKING_USER,
    pid: 1,
    unread: [],
    firstUnprivilegedPort: 1024,
    ...given,
  };
}
