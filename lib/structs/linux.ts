/** Structs that only Linux has: who sent, what went wrong, and programs that filter. */
import { AF_UNSPEC, BPF_MAXINSNS } from '../constants.js';
import { readField } from '../bytes.js';
import { native } from '../native.js';
import { decodeAddress, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asText, firstItems, invalidValue } from '../validate.js';
import { bytesToDecode, count, struct, unsigned, word, type Struct } from './codec.js';

const { layout } = native;

/** `struct ucred`: SO_PEERCRED, SCM_CREDENTIALS; unix(7). */
export interface Ucred {
  /** The process; 0 where it is in another namespace. */
  pid: number;
  /** The user. */
  uid: number;
  /** The group. */
  gid: number;
}

/** `struct sock_extended_err`: IP_RECVERR and MSG_ERRQUEUE; ip(7). */
export interface SockExtendedErr {
  /** The error, as a positive errno. */
  errno: number;
  /** SO_EE_ORIGIN_LOCAL, SO_EE_ORIGIN_ICMP … */
  origin: number;
  /** The type of the ICMP message. */
  type: number;
  /** The code of the ICMP message. */
  code: number;
  /** More: the path MTU of EMSGSIZE, in bytes. */
  info: number;
  /** More: the number of a packet or of a MSG_ZEROCOPY send. */
  data: number;
  /** Who reported it: SO_EE_OFFENDER. null where it is not known. */
  offender?: SocketAddress | null;
}

/** `struct sock_filter`: one instruction of a classic BPF program. */
export interface SockFilter {
  /** A class or-ed to the rest: `BPF_LD | BPF_W | BPF_ABS`. */
  code: number;
  /** How many instructions to skip where a jump's condition is true: 0 to 255. */
  jt: number;
  /** How many instructions to skip where it is false: 0 to 255. */
  jf: number;
  /** The operand; a negative one is read back as C's unsigned number. */
  k: number;
}

/** `struct ucred`: the credentials of a peer; SO_PEERCRED and SCM_CREDENTIALS of unix(7). Linux. */
export const ucred: Struct<Ucred> = struct('ucred', layout.ucred, {
  pid: ['pid', count],
  uid: ['uid', unsigned],
  gid: ['gid', unsigned],
});

type ErrorFields = Omit<SockExtendedErr, 'offender'>;
const errorFields = struct<ErrorFields, `ee_${keyof ErrorFields}`>('sock_extended_err', layout.sock_extended_err, {
  errno: ['ee_errno', unsigned],
  origin: ['ee_origin', unsigned],
  type: ['ee_type', unsigned],
  code: ['ee_code', unsigned],
  info: ['ee_info', unsigned],
  data: ['ee_data', unsigned],
});

/**
 * `struct sock_extended_err` with the offender's address after it: IP_RECVERR of ip(7). Linux.
 *
 * `size` is without the address, which may or may not be there.
 */
export const sock_extended_err: Struct<SockExtendedErr> = {
  size: errorFields.size,
  encode(value, name = 'value') {
    const fields = errorFields.encode(value, name);
    return value.offender ? Buffer.concat([fields, encodeAddress(value.offender)]) : fields;
  },
  decode(given) {
    const { size } = errorFields;
    const bytes = bytesToDecode(given, 'sock_extended_err', size);
    return { ...errorFields.decode(bytes.subarray(0, size)), offender: offender(bytes.subarray(size)) };
  },
};

function offender(bytes: Uint8Array): SocketAddress | null {
  const { sa_family } = layout.sockaddr;
  if (bytes.length < sa_family[0] + sa_family[1] || readField(bytes, sa_family) === AF_UNSPEC) return null;
  return decodeAddress(bytes, bytes.length);
}

const instruction = struct<SockFilter, keyof SockFilter>('sock_filter', layout.sock_filter, {
  code: ['code', unsigned],
  jt: ['jt', unsigned],
  jf: ['jf', unsigned],
  k: ['k', word],
});

/**
 * `struct sock_filter`: a program of 1 to 4096 instructions, for SO_ATTACH_FILTER and
 * SO_ATTACH_REUSEPORT_CBPF of socket(7). Linux. `size` is that of one instruction.
 *
 * The two options take a pointer to the program in C; here setsockopt takes these bytes.
 */
export const sock_filter: Struct<SockFilter[], readonly SockFilter[]> = {
  size: instruction.size,
  encode(program, name = 'program') {
    const instructions = firstItems(program, asText(name, 'name'), BPF_MAXINSNS + 1);
    if (instructions.length < 1 || instructions.length > BPF_MAXINSNS) {
      throw invalidValue(name, `must have 1 to ${String(BPF_MAXINSNS)} instructions`, program.length);
    }
    return Buffer.concat(
      instructions.map((one, index) => instruction.encode(one as SockFilter, `${name}.${String(index)}`)),
    );
  },
  decode(given) {
    const bytes = bytesToDecode(given, 'sock_filter', 0);
    const { size } = instruction;
    if (bytes.length % size !== 0) instruction.decode(bytes.subarray(0, bytes.length % size)); // too short: it throws
    return Array.from({ length: bytes.length / size }, (_, i) =>
      instruction.decode(bytes.subarray(i * size, (i + 1) * size)),
    );
  },
};
