/** Families that few machines have, and everything else that socket(2) makes here. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { answer, outcome, received } from '../conformance/case.js';
import { accepted, made, sendText } from '../conformance/fixtures.js';
import { closing } from '../support/sockets.js';

const TYPES = [s.SOCK_STREAM, s.SOCK_DGRAM, s.SOCK_RAW, s.SOCK_RDM, s.SOCK_SEQPACKET];
/** AF_MAX of Linux; a number above it is no family. */
const MOST = 46;

/** Why `call` cannot be made here, or undefined where it can: it returns the descriptor. */
function refusal(call: () => number): string | undefined {
  const fd = answer(call);
  if (typeof fd === 'string') return fd;
  s.close(fd);
  return undefined;
}

function vm(cid: number, port: number): s.VSockAddress {
  return { family: 'VSock', cid, port };
}

function vmPort(address: s.SocketAddress): number {
  if (address.family !== 'VSock') throw new Error(`it is ${address.family}`);
  return address.port;
}

function vsock(cid: number): number {
  const fd = s.socket(s.AF_VSOCK, s.SOCK_STREAM);
  const said = outcome(() => s.bind(fd, vm(cid, s.VMADDR_PORT_ANY)));
  if (said === 'ok') return fd;
  s.close(fd);
  throw Object.assign(new Error(), { code: said });
}

const noVsock = refusal(() => vsock(s.VMADDR_CID_ANY));
const noLoopback = noVsock ?? refusal(() => vsock(s.VMADDR_CID_LOCAL));
const noCan = refusal(() => s.socket(s.AF_CAN, s.SOCK_RAW, s.CAN_RAW));

/** A test that is skipped with its reason where the kernel says no. */
function given(missing: string | undefined, title: string, call: () => void): void {
  if (missing === undefined) test(title, call);
  else test.skip(`${title} (skipped: the kernel says ${missing})`, call);
}

describe('vsock', () => {
  given(noVsock, 'has the port that the kernel chose, and its address goes in again', () => {
    const fd = made(s.AF_VSOCK, s.SOCK_STREAM);
    s.bind(fd, vm(s.VMADDR_CID_ANY, s.VMADDR_PORT_ANY));
    const address = s.getsockname(fd);
    expect(vmPort(address)).toBeLessThan(s.VMADDR_PORT_ANY);
    expect(address).toEqual(vm(s.VMADDR_CID_ANY, vmPort(address)));
    const other = made(s.AF_VSOCK, s.SOCK_STREAM);
    expect(outcome(() => s.bind(other, address))).toBe('EADDRINUSE');
  });

  given(noLoopback, 'connects on the loopback', () => {
    const listener = closing(s.listenOn(vm(s.VMADDR_CID_LOCAL, s.VMADDR_PORT_ANY)));
    const client = made(s.AF_VSOCK, s.SOCK_STREAM);
    s.connect(client, s.getsockname(listener));
    const server = accepted(listener);
    sendText(client, 'hello');
    expect(received(server, 8, 0)).toBe('hello');
    expect(vmPort(s.getpeername(server))).toBe(vmPort(s.getsockname(client)));
  });
});

describe('CAN', () => {
  given(noCan, 'has an address that goes in again', () => {
    const fd = made(s.AF_CAN, s.SOCK_RAW, s.CAN_RAW);
    s.bind(fd, { family: 'CAN', ifindex: 0 }); // every interface
    const address = s.getsockname(fd);
    s.bind(made(s.AF_CAN, s.SOCK_RAW, s.CAN_RAW), address);
    expect(address).toMatchObject({ family: 'CAN', ifindex: 0 });
  });
});

describe('every family', () => {
  test('is made, names itself and is closed, or is refused by a name', () => {
    const kinds = Array.from({ length: MOST }, (_, domain) => TYPES.map((type) => ({ domain, type }))).flat();
    const said = kinds.map(({ domain, type }) => answer(() => s.socket(domain, type)));
    const madeHere = said.filter((fd) => typeof fd === 'number');
    const names = madeHere.map((fd) => answer(() => s.getsockname(fd)));
    for (const fd of madeHere) s.close(fd);
    expect(new Set(madeHere).size).toBe(madeHere.length);
    expect(madeHere.length).toBeGreaterThanOrEqual(5); // unix and IPv4 at least
    for (const code of said.filter((each) => typeof each === 'string')) expect(code).toMatch(/^E[A-Z]+$/);
    for (const name of names) {
      if (typeof name === 'string') expect(name).toMatch(/^E[A-Z]+$/);
      else expect(['IPv4', 'IPv6', 'Unix', 'Netlink', 'Packet', 'VSock', 'CAN', 'raw']).toContain(name.family);
    }
  });

  test('that there is not is refused: EAFNOSUPPORT, or EINVAL for a number that no family can have', () => {
    expect([MOST + 1, 2 ** 31 - 1, -1].map((domain) => refusal(() => s.socket(domain, s.SOCK_STREAM)))).toEqual(
      Array(3).fill('EAFNOSUPPORT'),
    );
    expect(refusal(() => s.socket(s.AF_INET, 77))).toBe('EINVAL');
  });
});

(process.platform === 'linux' ? test : test.skip)(
  'the addresses of Linux are laid out as its structs are (of Linux)',
  () => {
    const hex = (address: s.SocketAddress): string => s.sockaddr.encode(address).subarray(2).toString('hex');
    const words = (...values: number[]): string => Buffer.from(new Uint32Array(values).buffer).toString('hex');
    const halves = (...values: number[]): string => Buffer.from(new Uint16Array(values).buffer).toString('hex');
    const hardware = Buffer.from('0102030405060000', 'hex');
    const packet = { protocol: s.ETH_P_IP, ifindex: 3, hatype: 1, pkttype: 4, address: hardware.subarray(0, 6) };
    expect(hex({ family: 'Packet', ...packet })).toBe(`0800${words(3)}${halves(1)}0406${hardware.toString('hex')}`);
    expect(hex({ family: 'VSock', cid: 7, port: 9, flags: 1 })).toBe(`0000${words(9, 7)}01000000`);
    expect(hex({ family: 'CAN', ifindex: 5 })).toBe(`0000${words(5)}`);
    expect(hex({ family: 'CAN', ifindex: 5, tp: { rx_id: 6, tx_id: 7 } })).toBe(`0000${words(5, 6, 7)}`);
    const name = Buffer.from(new BigUint64Array([2n ** 63n]).buffer).toString('hex');
    const j1939 = { name: 2n ** 63n, pgn: 8, addr: 9 };
    expect(hex({ family: 'CAN', ifindex: 5, j1939 })).toBe(`0000${words(5)}${name}${words(8)}09000000`);
  },
);
