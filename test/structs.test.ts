import { describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BPF_ABS, BPF_K, BPF_LD, BPF_RET, BPF_W, SKF_AD_CPU, SKF_AD_OFF } from '../lib/constants.js';
import { TCP_INFO_FIELDS } from '../lib/structs/tcp_info.js';
import * as structs from '../lib/structs.js';
import { thrownBy } from './support/sockets.js';

const linux = process.platform === 'linux';
const onLinux = linux ? test : test.skip;
const why = linux ? '' : ' (skipped: this is not Linux)';

const SAMPLES = {
  timeval: { sec: 3, usec: 999_999 },
  timespec: { sec: 2 ** 31 - 1, nsec: 999_999_999 },
  linger: { onoff: true, linger: 2 ** 31 - 1 },
  ip_mreq: { multiaddr: '239.1.2.3', interface: '127.0.0.1' },
  group_source_req: {
    interface: 7,
    group: { family: 'IPv4', address: '232.1.2.3', port: 0 },
    source: { family: 'IPv4', address: '10.0.0.1', port: 0 },
  },
  ip_mreqn: { multiaddr: '239.1.2.3', address: '0.0.0.0', ifindex: 7 },
  ip_mreq_source: { multiaddr: '232.1.2.3', interface: '127.0.0.1', sourceaddr: '10.0.0.1' },
  ipv6_mreq: { multiaddr: 'ff02::1', interface: 2 ** 32 - 1 },
  in_pktinfo: { ifindex: 1, spec_dst: '127.0.0.1', addr: '255.255.255.255' },
  in6_pktinfo: { addr: '::ffff:1.2.3.4', ifindex: 3 },
  ...(linux ? { ucred: { pid: 1, uid: 2 ** 32 - 1, gid: 0 } } : {}),
} as const;

type Name = keyof typeof SAMPLES;
const codec = (name: string): structs.Struct<unknown> => structs[name as Name] as never;
const names = Object.keys(SAMPLES) as Name[];

/** The names of the number fields of a sample. */
const numbersOf = (name: Name): string[] =>
  Object.entries(SAMPLES[name] ?? {}).flatMap(([key, value]) => (typeof value === 'number' ? [key] : []));

describe('every struct', () => {
  test.each(names)('%s reads back as it was written', (name) => {
    const bytes = codec(name).encode(SAMPLES[name]);
    expect(bytes).toHaveLength(codec(name).size);
    expect(codec(name).decode(bytes)).toEqual(SAMPLES[name]);
  });

  test.each(names)('%s is read from any view, wherever it begins', (name) => {
    const { encode, decode, size } = codec(name);
    const bytes = Buffer.alloc(size + 3);
    bytes.set(encode(SAMPLES[name]), 3);
    expect(decode(new DataView(bytes.buffer, bytes.byteOffset + 3, size))).toEqual(SAMPLES[name]);
  });

  test.each(names)('%s refuses bytes that are too few or too many: ERR_INVALID_ARG_VALUE', (name) => {
    const bytes = Buffer.alloc(codec(name).size + 1);
    for (const length of [0, 1, codec(name).size - 1, codec(name).size + 1]) {
      expect(thrownBy(() => codec(name).decode(bytes.subarray(0, length))).code).toBe('ERR_INVALID_ARG_VALUE');
    }
    expect(thrownBy(() => codec(name).decode('x' as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });

  test.each(names)('%s refuses what is no struct, and a missing field: ERR_INVALID_ARG_TYPE', (name) => {
    for (const value of [undefined, null, 'text', true]) {
      expect(thrownBy(() => codec(name).encode(value)).code).toBe('ERR_INVALID_ARG_TYPE');
    }
    for (const key of Object.keys(SAMPLES[name] ?? {})) {
      expect(thrownBy(() => codec(name).encode({ ...SAMPLES[name], [key]: undefined })).code).toBe(
        'ERR_INVALID_ARG_TYPE',
      );
    }
  });

  test.each(names)('%s refuses numbers that its fields cannot hold', (name) => {
    for (const key of numbersOf(name)) {
      const failure = (value: unknown): unknown =>
        thrownBy(() => codec(name).encode({ ...SAMPLES[name], [key]: value })).code;
      for (const value of [NaN, Infinity, 1.5, -1, 2 ** 53])
        expect([key, failure(value)]).toEqual([key, 'ERR_OUT_OF_RANGE']);
      for (const value of ['1', 1n, true, null]) expect([key, failure(value)]).toEqual([key, 'ERR_INVALID_ARG_TYPE']);
    }
  });

  test('calls a bad argument by the name that its caller gives it', () => {
    expect(
      thrownBy(() => structs.timeval.encode({ sec: 'x', usec: 0 } as never, 'message.control[0]')).message,
    ).toContain('message.control[0].sec');
  });
});

describe('timeval', () => {
  test('takes a plain number as milliseconds', () => {
    expect(structs.timeval.decode(structs.timeval.encode(1500))).toEqual({ sec: 1, usec: 500_000 });
    expect(structs.timeval.decode(structs.timeval.encode(0))).toEqual({ sec: 0, usec: 0 });
    for (const timeMs of [NaN, -1, 0.5, 2 ** 53]) {
      expect(thrownBy(() => structs.timeval.encode(timeMs)).code).toBe('ERR_OUT_OF_RANGE');
    }
  });

  test('has no more than 999,999 microseconds', () => {
    expect(thrownBy(() => structs.timeval.encode({ sec: 0, usec: 1_000_000 })).code).toBe('ERR_OUT_OF_RANGE');
  });

  test('that JavaScript cannot represent is refused: ERR_INVALID_ARG_VALUE', () => {
    const bytes = Buffer.alloc(structs.timeval.size, 0x7f);
    if (structs.timeval.size === 16)
      expect(thrownBy(() => structs.timeval.decode(bytes)).code).toBe('ERR_INVALID_ARG_VALUE');
  });
});

describe('the structs with an int', () => {
  test.each([
    ['linger', 'linger', 2 ** 31],
    ['ip_mreqn', 'ifindex', 2 ** 31],
    ['in_pktinfo', 'ifindex', 2 ** 31],
    ['ipv6_mreq', 'interface', 2 ** 32],
    ['in6_pktinfo', 'ifindex', 2 ** 32],
    ...(linux ? ([['ucred', 'pid', 2 ** 31], ['ucred', 'uid', 2 ** 32]] as const) : []), // prettier-ignore
  ] as const)('%s refuses a %s of %d', (name, key, value) => {
    const failure = thrownBy(() => codec(name).encode({ ...SAMPLES[name as Name], [key]: value }));
    expect(failure.code).toBe('ERR_OUT_OF_RANGE');
  });

  test('linger wants a boolean: ERR_INVALID_ARG_TYPE', () => {
    expect(thrownBy(() => structs.linger.encode({ onoff: 1, linger: 1 } as never)).code).toBe('ERR_INVALID_ARG_TYPE');
  });
});

describe('the structs with an address', () => {
  test('refuse what is no address: ERR_INVALID_IP_ADDRESS', () => {
    for (const multiaddr of ['', '239.1.2', '239.1.2.256', 'localhost', '::1', '239.1.2.3\0']) {
      const failure = thrownBy(() => structs.ip_mreq.encode({ multiaddr, interface: '0.0.0.0' }));
      expect([multiaddr, failure.code]).toEqual([multiaddr, 'ERR_INVALID_IP_ADDRESS']);
    }
    expect(thrownBy(() => structs.ipv6_mreq.encode({ multiaddr: '239.1.2.3', interface: 0 })).code).toBe(
      'ERR_INVALID_IP_ADDRESS',
    );
  });

  test('refuse a zone, which is a field of its own: ERR_INVALID_ARG_VALUE', () => {
    expect(thrownBy(() => structs.ipv6_mreq.encode({ multiaddr: 'ff02::1%lo', interface: 0 })).code).toBe(
      'ERR_INVALID_ARG_VALUE',
    );
  });
});

describe('sock_extended_err', () => {
  const error = { errno: 111, origin: 2, type: 3, code: 3, info: 2 ** 32 - 1, data: 0 };

  onLinux(`reads the offender's address after it${why}`, () => {
    const offender = { family: 'IPv4', address: '10.1.2.3', port: 0 } as const;
    const bytes = structs.sock_extended_err.encode({ ...error, offender });
    expect(structs.sock_extended_err.decode(bytes)).toEqual({ ...error, offender });
  });

  onLinux(`has no offender where no address follows, or an empty one${why}`, () => {
    const bytes = structs.sock_extended_err.encode(error);
    expect(structs.sock_extended_err.decode(bytes)).toEqual({ ...error, offender: null });
    expect(structs.sock_extended_err.decode(Buffer.concat([bytes, Buffer.alloc(16)])).offender).toBeNull();
    expect(thrownBy(() => structs.sock_extended_err.decode(bytes.subarray(1))).code).toBe('ERR_INVALID_ARG_VALUE');
    expect(thrownBy(() => structs.sock_extended_err.encode({ ...error, type: 256 })).code).toBe('ERR_OUT_OF_RANGE');
  });
});

describe('sock_filter', () => {
  const program = [
    { code: BPF_LD | BPF_W | BPF_ABS, jt: 0, jf: 0, k: SKF_AD_OFF + SKF_AD_CPU },
    { code: BPF_RET | BPF_K, jt: 255, jf: 1, k: 2 ** 32 - 1 },
  ];

  onLinux(`writes a program, one instruction after the other, and reads it back with unsigned operands${why}`, () => {
    const bytes = structs.sock_filter.encode(program);
    expect(bytes).toHaveLength(2 * structs.sock_filter.size);
    expect(structs.sock_filter.decode(bytes)).toEqual(program.map((one) => ({ ...one, k: one.k >>> 0 })));
    expect(structs.sock_filter.decode(Buffer.alloc(0))).toEqual([]);
  });

  onLinux(`refuses what is no program${why}`, () => {
    const failure = (given: unknown): unknown => thrownBy(() => structs.sock_filter.encode(given as never)).code;
    const one = { code: 6, jt: 0, jf: 0, k: 0 };
    expect([failure(one), failure([[]]), failure([null])]).toEqual(Array(3).fill('ERR_INVALID_ARG_TYPE'));
    expect([failure([]), failure(Array(4097).fill(one))]).toEqual(Array(2).fill('ERR_INVALID_ARG_VALUE'));
    for (const bad of [{ code: 2 ** 16 }, { jt: 256 }, { jf: -1 }, { k: 2 ** 32 }, { k: -(2 ** 31) - 1 }, { k: NaN }]) {
      expect([bad, failure([{ ...one, ...bad }])]).toEqual([bad, 'ERR_OUT_OF_RANGE']);
    }
    for (const length of [1, 7, 9]) {
      expect(thrownBy(() => structs.sock_filter.decode(Buffer.alloc(length))).code).toBe('ERR_INVALID_ARG_VALUE');
    }
  });
});

describe('tcp_info', () => {
  onLinux(`leaves out what the kernel did not give, and never reads half of a field${why}`, () => {
    const bytes = Buffer.alloc(structs.tcp_info.size, 1);
    expect(structs.tcp_info.decode(bytes.subarray(0, 104)).pacing_rate).toBeUndefined();
    expect(structs.tcp_info.decode(bytes.subarray(0, 104)).total_retrans).toBe(0x01010101);
    expect(structs.tcp_info.decode(bytes.subarray(0, 111)).pacing_rate).toBeUndefined();
    expect(structs.tcp_info.decode(bytes.subarray(0, 112)).pacing_rate).toBe(0x0101010101010101n);
    expect(structs.tcp_info.decode(bytes)).toMatchObject({ received_ce_bytes: 0x01010101 });
    for (const length of [0, 7, 103]) {
      expect(thrownBy(() => structs.tcp_info.decode(bytes.subarray(0, length))).code).toBe('ERR_INVALID_ARG_VALUE');
    }
  });

  onLinux(`reads the bit fields${why}`, () => {
    const bytes = Buffer.alloc(104);
    bytes.set(endianness() === 'LE' ? [0x72, 0b101] : [0x27, 0b11000000], 6);
    expect(structs.tcp_info.decode(bytes)).toMatchObject({ snd_wscale: 2, rcv_wscale: 7, delivery_rate_app_limited: true, fastopen_client_fail: 2 }); // prettier-ignore
  });

  const compiler = linux && spawnSync('g++', ['--version']).status === 0;
  const reason = compiler ? '' : ' (skipped: there is no g++, or this is not Linux)';
  (compiler ? test : test.skip)(`has every field where the kernel's header has it${reason}`, () => {
    const header = offsetsOfHeader();
    expect(header.size).toBeGreaterThan(40);
    const own = [...TCP_INFO_FIELDS].filter(([name]) => header.has(name));
    expect(own.map(([name, field]) => [name, ...field])).toEqual([...header].map(([name, field]) => [name, ...field]));
  });
});

/** Offset and size of the fields of struct tcp_info in linux/tcp.h, bit fields excepted. */
function offsetsOfHeader(): Map<string, [number, number]> {
  const folder = mkdtempSync(join(tmpdir(), 'bsd-sockets-'));
  try {
    const [list, program] = [join(folder, 'list.cc'), join(folder, 'program.cc')];
    writeFileSync(list, '#include <linux/tcp.h>\n');
    const text = execFileSync('g++', ['-E', list], { encoding: 'utf8' });
    const names = [...text.matchAll(/\btcpi_(\w+)\s*;/g)].map(([, name]) => name as string);
    const print = names.map(
      (name) => `std::printf("${name} %zu %zu\\n", offsetof(tcp_info, tcpi_${name}), sizeof(tcp_info::tcpi_${name}));`,
    );
    writeFileSync(
      program,
      `#include <cstddef>\n#include <cstdio>\n#include <linux/tcp.h>\nint main() {\n${print.join('\n')}\n}\n`,
    );
    execFileSync('g++', ['-o', join(folder, 'program'), program]);
    const lines = execFileSync(join(folder, 'program'), { encoding: 'utf8' }).matchAll(/^(\w+) (\d+) (\d+)$/gm);
    return new Map([...lines].map(([, name, offset, size]) => [name as string, [Number(offset), Number(size)]]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('sockaddr has every family of address, in as many bytes as the family has', () => {
  for (const [address, length] of [
    [{ family: 'IPv4', address: '127.0.0.1', port: 80 }, 16],
    [{ family: 'IPv6', address: 'fe80::1', port: 80, scopeid: 3 }, 28],
    [{ family: 'Unix', path: '/x' }, 5],
  ] as const) {
    const bytes = structs.sockaddr.encode(address);
    expect(bytes).toHaveLength(length);
    expect(structs.sockaddr.decode(bytes)).toEqual(address);
    bytes.fill(255);
    expect(structs.sockaddr.decode(structs.sockaddr.encode(address))).toEqual(address);
  }
  expect(structs.sockaddr.decode(Buffer.alloc(1))).toEqual({ family: 'raw', sockaddr: new Uint8Array(0) });
});

describe('an address by itself', () => {
  test.each([
    ['in_addr', ['127.0.0.1', '255.255.255.255'], 4, ['::1', '1.2.3', '']],
    ['in6_addr', ['::1', 'fe80::1:2'], 16, ['127.0.0.1', 'fe80::1%lo', '']],
  ] as const)('%s is text, and as long as the struct is', (name, texts, size, wrong) => {
    const { [name]: codec } = structs;
    expect(codec.size).toBe(size);
    for (const text of texts) {
      expect(codec.encode(text)).toHaveLength(size);
      expect(codec.decode(codec.encode(text))).toBe(text);
    }
    for (const text of wrong)
      expect(thrownBy(() => codec.encode(text)).code).toMatch(/^ERR_INVALID_(?:IP_ADDRESS|ARG_VALUE)$/);
    expect(thrownBy(() => codec.encode(5 as never)).code).toBe('ERR_INVALID_ARG_TYPE');
    expect(thrownBy(() => codec.decode(Buffer.alloc(size + 1))).code).toBe('ERR_INVALID_ARG_VALUE');
  });
});
