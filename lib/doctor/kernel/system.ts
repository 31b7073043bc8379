/** What this system says about itself: settings, users, addresses. What it does not say is undefined. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { if_indextoname } from '../../syscalls/inet.js';
import { AF_INET6, close, SOCK_STREAM, socket } from './calls.js';

const IPV4 = '/proc/sys/net/ipv4';

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function numbers(path: string): number[] {
  return (read(path) ?? '').split(/\s+/).filter(Boolean).map(Number);
}

/** net.ipv4.ip_unprivileged_port_start, which IPv6 obeys too. */
export function firstUnprivilegedPort(): number | undefined {
  return numbers(`${IPV4}/ip_unprivileged_port_start`)[0];
}

/** net.ipv4.ip_local_port_range, which IPv6 obeys too. */
export function passingPorts(): readonly [number, number] | undefined {
  const [first, last] = numbers(`${IPV4}/ip_local_port_range`);
  return first === undefined || last === undefined ? undefined : [first, last];
}

/** net.ipv4.ip_local_reserved_ports, a list as the setting has it: the kernel gives none of them as a passing port. */
export function reservedPorts(): string | undefined {
  return read(`${IPV4}/ip_local_reserved_ports`)?.trim();
}

/** The name of an interface. */
export function interfaceName(index: number): string | undefined {
  try {
    return if_indextoname(index);
  } catch {
    return undefined;
  }
}

/** Has this system IPv6 at all? */
export function hasIPv6(): boolean {
  try {
    close(socket(AF_INET6, SOCK_STREAM));
    return true;
  } catch {
    return false;
  }
}

/** net.ipv6.bindv6only: do IPv6 sockets leave IPv4 alone? */
export function v6onlyByDefault(): boolean | undefined {
  const [value] = numbers('/proc/sys/net/ipv6/bindv6only');
  return value === undefined ? undefined : value !== 0;
}

/** The IP addresses of this host; a link-local one with its interface: `fe80::1%eth0`. */
export function hostAddresses(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, infos = []]) =>
    infos.map(({ address }) => (address.startsWith('fe80:') ? `${address}%${name}` : address)),
  );
}

/** The names of users by number, from /etc/passwd. */
export function userNames(): ReadonlyMap<number, string> {
  const lines = (read('/etc/passwd') ?? '').split('\n').map((line) => line.split(':'));
  return new Map(lines.flatMap(([name, , uid]) => (name && uid ? [[Number(uid), name] as const] : [])));
}
