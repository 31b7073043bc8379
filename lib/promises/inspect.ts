/** What `console.log(socket)` shows. */
import { SO_ACCEPTCONN, SO_DOMAIN, SOL_SOCKET } from '../constants.js';
import { constantName } from '../names.js';
import type { SocketAddress } from '../socket-address.js';
import { getpeername, getsockname } from '../syscalls/address.js';
import { getsockopt } from '../syscalls/sockopt.js';
import { typeOf } from './socket-type.js';

/** What the kernel says of a socket that is open. */
interface Looks {
  fd: number;
  family?: string;
  type?: string;
  state: 'open' | 'listening' | 'connected' | 'closed';
  address?: SocketAddress;
  peer?: SocketAddress;
}

/** How a socket looks; -1: it is closed or detached. Nothing is sent, received or changed. */
export function looksOf(fd: number): Looks {
  if (fd === -1) return { fd, state: 'closed' };
  const address = ask(() => getsockname(fd));
  const peer = ask(() => getpeername(fd));
  const family = ask(() => constantName('AF_', getsockopt(fd, SOL_SOCKET, SO_DOMAIN)));
  const type = ask(() => constantName('SOCK_', typeOf(fd)));
  const listens = ask(() => getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN)) === 1;
  return {
    fd,
    ...(family === undefined ? {} : { family }),
    ...(type === undefined ? {} : { type }),
    state: listens ? 'listening' : peer === undefined ? 'open' : 'connected',
    ...(address === undefined ? {} : { address }),
    ...(peer === undefined ? {} : { peer }),
  };
}

function ask<Answer>(question: () => Answer): Answer | undefined {
  try {
    return question();
  } catch {
    return undefined; // the kernel does not say
  }
}
