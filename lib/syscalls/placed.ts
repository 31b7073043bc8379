/** What the socket itself tells of a bind, listen or connect that failed for its place. Not public. */
import { SO_TYPE, SOL_SOCKET } from '../constants/sockopt.js';
import { SOCK_DGRAM, SOCK_STREAM } from '../constants/socket.js';
import { errnoOf, isError, SocketError } from '../errors.js';
import { native, reply, type Result } from '../native.js';
import { quotedForShell } from '../printable.js';
import { decodeName } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';

const PLACED = new Set(['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL']);

/**
 * Throws the error of a failed call: with the protocol, and the socket's own address, where that says what is wrong.
 *
 * @param address - what the call was given; left out, as of listen: the socket's own
 * @throws SocketError
 */
export function throwIfPlaced(result: Result, syscall: string, fd: number, address?: SocketAddress): void {
  if (!isError(result)) return;
  const error = new SocketError(syscall, errnoOf(result), address);
  // connect fails often, and for other reasons: asking more would cost each time.
  if (syscall === 'connect' && !PLACED.has(error.code)) return;
  const own = ownAddress(fd);
  const full = address === undefined && own !== undefined ? new SocketError(syscall, error.errno, own) : error;
  const isInet = own?.family === 'IPv4' || own?.family === 'IPv6';
  const protocol = isInet ? protocolOf(fd) : undefined;
  const local = syscall === 'connect' && isInet ? { localAddress: own.address, localPort: own.port } : {};
  const why = error.code === 'EADDRINUSE' ? whyCommand(address ?? own, protocol) : undefined;
  // Not enumerable: what can be enumerated is what Node's own errors have.
  for (const [name, value] of Object.entries({ protocol, ...local, why })) {
    if (value !== undefined) Object.defineProperty(full, name, { value, configurable: true });
  }
  if (why !== undefined) full.stack = `${full.stack ?? String(full)}\n\nWho has it: ${why}\n`;
  throw full;
}

function ownAddress(fd: number): SocketAddress | undefined {
  if (isError(native.getsockname(fd))) return undefined;
  return decodeName(reply.address, reply.addressLength());
}

function protocolOf(fd: number): 'tcp' | 'udp' | undefined {
  if (isError(native.getsockoptInt(fd, SOL_SOCKET, SO_TYPE))) return undefined;
  const type = reply.value();
  if (type === SOCK_STREAM) return 'tcp';
  return type === SOCK_DGRAM ? 'udp' : undefined;
}

/** The command that explains it. */
function whyCommand(address: SocketAddress | undefined, protocol = 'tcp'): string | undefined {
  if (address === undefined) return undefined;
  if (address.family === 'Unix') {
    return address.path === '' || typeof address.path !== 'string'
      ? undefined
      : `npx bsd-sockets why --unix ${quotedForShell(address.path.replace('\0', '@'))}`;
  }
  if ((address.family !== 'IPv4' && address.family !== 'IPv6') || address.port === 0) return undefined;
  const host = `--host ${quotedForShell(address.address)}`;
  return `npx bsd-sockets why ${String(address.port)} ${host}${protocol === 'udp' ? ' --udp' : ''}`;
}
