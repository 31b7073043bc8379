/** The socket addresses that only Linux has: netlink(7), packet(7), vsock(7), CAN. Pure: no socket needed. */
import { LITTLE, readField, writeField } from './bytes.js';
import { AF_CAN, AF_NETLINK, AF_PACKET, AF_VSOCK } from './constants/socket.js';
import { native, type Field } from './native.js';
import { blank, readNetworkOrder, writeNetworkOrder } from './sockaddr-fields.js';
import type { CanAddress, NetlinkAddress, PacketAddress, SocketAddress, VSockAddress } from './socket-address.js';
import {
  asInt,
  asObject,
  asPlainBytes,
  integer,
  invalidType,
  invalidValue,
  UINT8_MAX,
  UINT16_MAX,
  UINT32_MAX,
} from './validate.js';

type Given = Record<string, unknown>;

/** The longest hardware address of Linux: MAX_ADDR_LEN. */
const LONGEST_HARDWARE = 32;
const { sockaddr_nl, sockaddr_ll, sockaddr_vm, sockaddr_can } = native.layout;

const endOf = ([offset, size]: Field): number => offset + size;

function here<Layout>(layout: Layout | undefined, family: string): Layout {
  if (layout === undefined) throw invalidValue('address.family', 'must be one that this system has', family);
  return layout;
}

/** The bytes of an address of these families; undefined where its family is none of them. */
export function encodeLinux(given: Given, family: unknown): Uint8Array | undefined {
  if (family === 'Netlink') return encodeNetlink(given);
  if (family === 'Packet') return encodePacket(given);
  if (family === 'VSock') return encodeVSock(given);
  if (family === 'CAN') return encodeCan(given);
  return undefined;
}

/** The address in bytes; undefined where it is of another family, or too short for its own. */
export function decodeLinux(bytes: Uint8Array, length: number, family: number): SocketAddress | undefined {
  if (family === AF_NETLINK) return decodeNetlink(bytes, length);
  if (family === AF_PACKET) return decodePacket(bytes, length);
  if (family === AF_VSOCK) return decodeVSock(bytes, length);
  if (family === AF_CAN) return decodeCan(bytes, length);
  return undefined;
}

function encodeNetlink({ pid, groups }: Given): Uint8Array {
  const { size, nl_pid, nl_groups } = here(sockaddr_nl, 'Netlink');
  const bytes = blank(size, AF_NETLINK);
  writeField(bytes, nl_pid, integer(pid, 'address.pid', 0, UINT32_MAX));
  writeField(bytes, nl_groups, integer(groups, 'address.groups', 0, UINT32_MAX));
  return bytes;
}

function decodeNetlink(bytes: Uint8Array, length: number): NetlinkAddress | undefined {
  if (!sockaddr_nl || length < sockaddr_nl.size) return undefined;
  const { nl_pid, nl_groups } = sockaddr_nl;
  return { family: 'Netlink', pid: readField(bytes, nl_pid), groups: readField(bytes, nl_groups) };
}

function encodePacket({ ifindex, protocol, hatype = 0, pkttype = 0, address }: Given): Uint8Array {
  const { size, sll_protocol, sll_ifindex, sll_hatype, sll_pkttype, sll_halen, sll_addr } = here(sockaddr_ll, 'Packet');
  const hardware = address === undefined ? new Uint8Array(0) : asPlainBytes(address, 'address.address');
  if (hardware.length > LONGEST_HARDWARE) {
    throw invalidValue('address.address', `must be at most ${String(LONGEST_HARDWARE)} bytes long`, address);
  }
  const bytes = blank(Math.max(size, sll_addr[0] + hardware.length), AF_PACKET); // bind(2) wants all of the struct
  writeNetworkOrder(bytes, sll_protocol, integer(protocol, 'address.protocol', 0, UINT16_MAX));
  writeField(bytes, sll_ifindex, asInt(ifindex, 'address.ifindex'));
  writeField(bytes, sll_hatype, integer(hatype, 'address.hatype', 0, UINT16_MAX));
  writeField(bytes, sll_pkttype, integer(pkttype, 'address.pkttype', 0, UINT8_MAX));
  writeField(bytes, sll_halen, hardware.length);
  bytes.set(hardware, sll_addr[0]);
  return bytes;
}

/** Of the hardware address the kernel gives as many bytes as there are, which are fewer or more than the struct has. */
function decodePacket(bytes: Uint8Array, length: number): PacketAddress | undefined {
  if (!sockaddr_ll || length < sockaddr_ll.sll_addr[0]) return undefined;
  const { sll_protocol, sll_ifindex, sll_hatype, sll_pkttype, sll_halen, sll_addr } = sockaddr_ll;
  const end = sll_addr[0] + readField(bytes, sll_halen);
  if (end > length || end > sll_addr[0] + LONGEST_HARDWARE) return undefined;
  return {
    family: 'Packet',
    ifindex: readField(bytes, sll_ifindex) | 0,
    protocol: readNetworkOrder(bytes, sll_protocol),
    hatype: readField(bytes, sll_hatype),
    pkttype: readField(bytes, sll_pkttype),
    address: bytes.slice(sll_addr[0], end),
  };
}

function encodeVSock({ cid, port, flags = 0 }: Given): Uint8Array {
  const { size, svm_port, svm_cid, svm_flags } = here(sockaddr_vm, 'VSock');
  const bytes = blank(size, AF_VSOCK);
  writeField(bytes, svm_cid, integer(cid, 'address.cid', 0, UINT32_MAX));
  writeField(bytes, svm_port, integer(port, 'address.port', 0, UINT32_MAX));
  writeField(bytes, svm_flags, integer(flags, 'address.flags', 0, UINT8_MAX));
  return bytes;
}

function decodeVSock(bytes: Uint8Array, length: number): VSockAddress | undefined {
  if (!sockaddr_vm || length < sockaddr_vm.size) return undefined;
  const { svm_port, svm_cid, svm_flags } = sockaddr_vm;
  const flags = readField(bytes, svm_flags);
  return {
    family: 'VSock',
    cid: readField(bytes, svm_cid),
    port: readField(bytes, svm_port),
    ...(flags === 0 ? {} : { flags }),
  };
}

/** As long as what it tells: by the length the kernel's protocols know it, too. */
function encodeCan({ ifindex, tp, j1939 }: Given): Uint8Array {
  const layout = here(sockaddr_can, 'CAN');
  const rx = layout['can_addr.tp.rx_id'];
  const tx = layout['can_addr.tp.tx_id'];
  if (tp !== undefined && j1939 !== undefined) throw invalidValue('address', 'must have tp or j1939, not both', tp);
  const length = j1939 === undefined ? endOf(tp === undefined ? layout.can_ifindex : tx) : layout.size;
  const bytes = blank(length, AF_CAN);
  writeField(bytes, layout.can_ifindex, asInt(ifindex, 'address.ifindex'));
  if (tp !== undefined) {
    const { rx_id, tx_id } = asObject(tp, 'address.tp');
    writeField(bytes, rx, integer(rx_id, 'address.tp.rx_id', 0, UINT32_MAX));
    writeField(bytes, tx, integer(tx_id, 'address.tp.tx_id', 0, UINT32_MAX));
  }
  if (j1939 !== undefined) encodeJ1939(bytes, asObject(j1939, 'address.j1939'));
  return bytes;
}

function encodeJ1939(bytes: Uint8Array, { name, pgn, addr }: Given): void {
  const places = here(j1939Places(), 'CAN');
  if (typeof name !== 'bigint') throw invalidType('address.j1939.name', 'of type bigint', name);
  if (BigInt.asUintN(64, name) !== name) throw invalidValue('address.j1939.name', 'must be 0n to 2n ** 64n - 1n', name);
  new DataView(bytes.buffer).setBigUint64(places.name[0], name, LITTLE);
  writeField(bytes, places.pgn, integer(pgn, 'address.j1939.pgn', 0, UINT32_MAX));
  writeField(bytes, places.addr, integer(addr, 'address.j1939.addr', 0, UINT8_MAX));
}

function j1939Places(): Record<'name' | 'pgn' | 'addr', Field> | undefined {
  const name = sockaddr_can?.['can_addr.j1939.name'];
  const pgn = sockaddr_can?.['can_addr.j1939.pgn'];
  const addr = sockaddr_can?.['can_addr.j1939.addr'];
  return name && pgn && addr ? { name, pgn, addr } : undefined;
}

function decodeCan(bytes: Uint8Array, length: number): CanAddress | undefined {
  if (!sockaddr_can || length < endOf(sockaddr_can.can_ifindex)) return undefined;
  const [rx, tx] = [sockaddr_can['can_addr.tp.rx_id'], sockaddr_can['can_addr.tp.tx_id']];
  const address: CanAddress = { family: 'CAN', ifindex: readField(bytes, sockaddr_can.can_ifindex) | 0 };
  if (length < endOf(tx)) return address;
  const places = j1939Places();
  if (places === undefined || length < sockaddr_can.size) {
    return { ...address, tp: { rx_id: readField(bytes, rx), tx_id: readField(bytes, tx) } };
  }
  const name = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(places.name[0], LITTLE);
  return { ...address, j1939: { name, pgn: readField(bytes, places.pgn), addr: readField(bytes, places.addr) } };
}
