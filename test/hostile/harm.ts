/** Calls that are not made. */
import * as s from 'bsd-sockets';

// Options of the levels IP and IPv6 that would send packets to the network (groups, source routes, other next hops),
// of TCP that load kernel modules, and SO_BUSY_POLL, which spins.
const HARMFUL = new Map<number, (option: number) => boolean>([
  [s.SOL_SOCKET, (option) => option === 46],
  [s.IPPROTO_IP, (option) => option === 4 || (option >= 32 && option <= 49) || option >= 200],
  [s.IPPROTO_IPV6, (option) => [9, 20, 21, 27, 28, 57].includes(option) || (option >= 42 && option <= 48)],
  [s.IPPROTO_TCP, (option) => option === 13 || option === 31],
]);
export const SO_PEERPIDFD = 77;

/** Would the call harm the machine, wait for ever, or make a descriptor that it cannot tell? */
export function harmful(name: string, args: readonly unknown[], hostile: boolean): boolean {
  const [, level, option, last] = args;
  if (name === 'fcntl') return (level === s.F_SETOWN || level === s.F_SETSIG) && option !== 0;
  if (name === 'setsockopt') return typeof option === 'number' && HARMFUL.get(level as number)?.(option) === true;
  if (name.endsWith('getsockopt') && level === s.SOL_SOCKET && option === SO_PEERPIDFD) return last !== undefined;
  // An unspoilt list has a descriptor that is ready at once.
  return hostile && name === 'poll' && typeof level === 'number' && (level === -1 || level > 1);
}
