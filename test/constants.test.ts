import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { constants as files, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as constants from '../lib/constants.js';
import { native } from '../lib/native.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const exported = constants as Record<string, number | undefined>;

// Two programs: libc's headers and the kernel's do not all go together.
const LIBC = [
  ...['sys/socket.h', 'netinet/in.h', 'netinet/icmp6.h', 'netinet/tcp.h', 'netinet/udp.h', 'poll.h', 'sys/ioctl.h'],
  ...['linux/can.h', 'linux/can/raw.h', 'linux/errqueue.h', 'linux/filter.h', 'linux/if_packet.h', 'linux/icmp.h'],
  ...['linux/net_tstamp.h', 'linux/netlink.h', 'linux/vm_sockets.h'],
];
const KERNEL = ['asm/socket.h', 'linux/socket.h', 'linux/in.h', 'linux/in6.h', 'linux/tcp.h', 'linux/udp.h'];

const PREFIXES =
  /^(?:SO|SOL|IP|IPV6|TCP|UDP|MSG|AF|SOCK|SHUT|SCM|IPPROTO|MCAST|INADDR|NETLINK|PACKET|VMADDR)_|^POLL|^FION(?:READ|BIO)$/;
const EXCLUDED: Record<string, string> = {
  SCM_SRCRT: 'glibc defines it by a name that it does not define',
  SOCK_IOC_TYPE: 'of ioctl(2), no option',
};

// Their names are enumerators too, which no list of macros has.
const PROTOCOLS: Record<string, RegExp> = {
  'linux/rtnetlink.h': /^(?:NLMSG|NLM|RTM|RTMGRP|RTNLGRP|RTA|RT_TABLE|RTN)_/,
  'linux/if_link.h': /^IFLA_/,
  'linux/if_addr.h': /^IFA_/,
  'linux/if_alg.h': /^ALG_/,
  'linux/sockios.h': /^SIOC/,
  'net/if.h': /^IFF_/,
  'linux/can/bcm.h': /^CAN_BCM_/,
  'linux/can/j1939.h': /^(?:SO_|SCM_)?J1939_/,
  'linux/tipc.h': /^TIPC_/,
};

/** What the compiler says these names are. */
function valuesOf(header: string, names: readonly string[]): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  try {
    const program = join(folder, 'program.cc');
    const lines = names.map((name) => {
      return `  std::printf("${name} %lld\\n", static_cast<long long>(static_cast<int>(${name.replace('CAN_BCM_', '')})));\n`;
    });
    writeFileSync(
      program,
      `#include <cstdio>\n#include <sys/ioctl.h>\n#include <${header}>\nint main() {\n${lines.join('')}}\n`,
    );
    execFileSync('g++', ['-o', join(folder, 'program'), program]);
    const output = execFileSync(join(folder, 'program'), { encoding: 'utf8' });
    return new Map([...output.matchAll(/^(\w+) (-?\d+)$/gm)].map(([, name, value]) => [name as string, Number(value)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The integers of the object-like macros of these headers, as the compiler sees them. */
function macros(headers: readonly string[]): Map<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  try {
    const source = headers.map((header) => `#include <${header}>\n`).join('');
    const [list, program] = [join(folder, 'list.cc'), join(folder, 'program.cc')];
    writeFileSync(list, source);
    const defines = execFileSync('g++', ['-dM', '-E', list], { encoding: 'utf8' });
    const names = [...defines.matchAll(/^#define (\w+) \S/gm)]
      .map(([, name]) => name as string)
      .filter((name) => PREFIXES.test(name) && !(name in EXCLUDED));
    const lines = names.map((name) => `  std::printf("${name} %lld\\n", static_cast<long long>(${name}));\n`);
    writeFileSync(program, `#include <cstdio>\n${source}int main() {\n${lines.join('')}}\n`);
    execFileSync('g++', ['-o', join(folder, 'program'), program]);
    const output = execFileSync(join(folder, 'program'), { encoding: 'utf8' });
    return new Map([...output.matchAll(/^(\w+) (-?\d+)$/gm)].map(([, name, value]) => [name as string, Number(value)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const compiler = process.platform === 'linux' && spawnSync('g++', ['--version']).status === 0;
const withCompiler = compiler ? test : test.skip;
const why = compiler ? '' : ' (skipped: there is no g++, or this is not Linux)';

describe('the constants', () => {
  for (const [whose, headers, least] of [
    ["libc's", LIBC, 450],
    ["the kernel's", KERNEL, 250],
  ] as const) {
    withCompiler(`are every option, flag and family of ${whose} headers, with its number${why}`, () => {
      const expected = macros(headers);
      expect(expected.size).toBeGreaterThan(least);
      const wrong = [...expected].filter(([name, value]) => exported[name] !== value);
      expect(wrong).toEqual([]);
    });
  }

  for (const [header, pattern] of Object.entries(PROTOCOLS)) {
    withCompiler(`of <${header}> have the numbers that they have there${why}`, () => {
      const names = Object.keys(exported).filter((name) => pattern.test(name));
      expect(names.length).toBeGreaterThan(6);
      const expected = valuesOf(header, names);
      expect(names.filter((name) => exported[name] !== expected.get(name))).toEqual([]);
    });
  }

  withCompiler(`PF_ are the AF_ of the same name${why}`, () => {
    const families = Object.entries(exported).filter(([name, value]) => name.startsWith('PF_') && value !== undefined);
    expect(families.length).toBeGreaterThan(40);
    expect(families.filter(([name, value]) => exported[`AF_${name.slice(3)}`] !== value)).toEqual([]);
  });

  test('are in the table of the addon, which is generated from them', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'native/constants.mjs'), '--check']);
    expect([status, stderr.toString()]).toEqual([0, '']);
    expect(Object.keys(native.constants).filter((name) => !(name in exported))).toEqual([]);
  });

  test('are undefined where this system lacks them, and numbers where it has them', () => {
    expect(Object.values(exported).filter((value) => value !== undefined && !Number.isInteger(value))).toEqual([]);
    const linux = process.platform === 'linux';
    expect(
      [exported['SO_NOSIGPIPE'], exported['TCP_KEEPALIVE']].every((value) => (value === undefined) === linux),
    ).toBe(true);
    expect([exported['TCP_CORK'], exported['AF_PACKET']].every((value) => (value === undefined) === !linux)).toBe(true);
  });

  test('are those of the kernel where the headers are older than it, and enumerators too', () => {
    if (process.platform !== 'linux') return;
    expect(exported).toMatchObject({
      ...{ SO_PASSPIDFD: 76, SO_RCVPRIORITY: 82, SO_INQ: 84, TCP_AO_ADD_KEY: 38, TCP_DELACK_MAX_US: 46 },
      ...{ TCP_ESTABLISHED: 1, TCP_CLOSING: 11, SCM_TSTAMP_ACK: 2, CAN_RAW_FILTER: 1, IP_LOCAL_PORT_RANGE: 51 },
      ...{ SOF_TIMESTAMPING_TX_HARDWARE: 1, SOF_TIMESTAMPING_OPT_ID: 128, SOF_TIMESTAMPING_TX_COMPLETION: 1 << 18 },
      ...{ SKF_AD_OFF: -4096, SCM_RIGHTS: 1, INADDR_BROADCAST: 2 ** 32 - 1, VMADDR_CID_ANY: 2 ** 32 - 1 },
    });
    expect(exported['O_NONBLOCK']).toBe(files.O_NONBLOCK);
  });
});
