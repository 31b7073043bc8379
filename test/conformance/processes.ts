/** Cases that need a process of their own: for its user, its network, its descriptors, or to be sent signals. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run, type Program } from '../support/programs.js';
import { PACKAGE_ROOT } from '../support/scripts.js';
import { NEEDS_ROOT } from './case.js';

const PRELUDE = `
  import * as s from ${JSON.stringify(join(PACKAGE_ROOT, 'dist', 'api', 'index.js'))};
  const said = (call) => { try { return call() } catch (error) { return error.code } };
  const say = (call) => console.log(said(call) ?? 'ok');
  const v4 = (port, address = '127.0.0.1') => ({ family: 'IPv4', address, port });
  const tcp = (...options) => {
    const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
    s.setsockopt(fd, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode({ sec: 5, usec: 0 }));
    for (const option of options) s.setsockopt(fd, s.SOL_SOCKET, option, 1);
    return fd;
  };
  const range = (fd, from, to = from) => s.setsockopt(fd, s.IPPROTO_IP, s.IP_LOCAL_PORT_RANGE, (to << 16) | from);
`;

/** Makes the process an ordinary user's; once the package is loaded, which such a user may not be able to read. */
export const AS_NOBODY = `
  if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534) }
`;

/** Puts the loopback up, which a new network namespace has down: an RTM_NEWLINK message. */
export const LOOPBACK_UP = `
  const up = Buffer.alloc(32);
  up.writeUInt32LE(up.length, 0); // nlmsg_len
  up.writeUInt16LE(16, 4);        // nlmsg_type: RTM_NEWLINK
  up.writeUInt16LE(5, 6);         // nlmsg_flags: NLM_F_REQUEST | NLM_F_ACK
  up.writeInt32LE(1, 20);         // ifi_index: lo
  up.writeUInt32LE(1, 24);        // ifi_flags: IFF_UP
  up.writeUInt32LE(1, 28);        // ifi_change
  const route = s.socket(s.AF_NETLINK, s.SOCK_RAW, s.NETLINK_ROUTE);
  s.sendto(route, up, 0, { family: 'Netlink', pid: 0, groups: 0 });
  const acknowledged = Buffer.alloc(256);
  s.recv(route, acknowledged);
  if (acknowledged.readInt32LE(16) !== 0) throw new Error('the loopback stays down');
`;

/** What starts a process in a network of its own. */
export const OWN_NETWORK = ['unshare', '--net'];

/** What starts a process that may open no more than 64 descriptors. */
export const FEW_DESCRIPTORS = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];

/** Starts the script; `wrapper` is the command that runs Node. */
export function script(code: string, wrapper: readonly string[] = []): Program {
  const [file, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', PRELUDE + code];
  return run(file, args);
}

/** Runs the script and gives the lines that it prints. */
export async function lines(code: string, wrapper: readonly string[] = []): Promise<string[]> {
  const { stdout, stderr } = await script(code, wrapper).ended;
  if (stderr !== '') throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

function needs(what: string, ...command: string[]): string | undefined {
  return NEEDS_ROOT ?? (spawnSync('unshare', ['--net', ...command]).status === 0 ? undefined : `it needs ${what}`);
}

/** The skip for a case that needs a network namespace. */
export const NEEDS_OWN_NETWORK = needs('a network namespace of its own', 'true');

/** The skip for a case that needs a network namespace and changes its settings. */
export const NEEDS_OWN_SETTINGS =
  NEEDS_OWN_NETWORK ??
  needs('to change net.ipv4', 'sh', '-c', 'echo 0 2>&- >/proc/sys/net/ipv4/ip_autobind_reuse 2>&-');
