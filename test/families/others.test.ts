/** Families that few machines have, and everything else that socket(2) makes here. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { answer, outcome, received } from '../conformance/case.js';
import { accepted, listens, made, sendText } from '../conformance/fixtures.js';

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

/** A struct sockaddr_vm, all in the host's byte order: vsock(7). */
function vm(cid: number, port: number): s.SocketAddress {
  const sockaddr = new Uint8Array(16);
  new Uint16Array(sockaddr.buffer, 0, 1)[0] = s.AF_VSOCK;
  new Uint32Array(sockaddr.buffer, 4, 2).set([port, cid]);
  return { family: 'raw', sockaddr };
}

function vmPort(address: s.SocketAddress): number {
  if (address.family !== 'raw') throw new Error(`it is ${address.family}`);
  return new Uint32Array(Uint8Array.from(address.sockaddr).buffer)[1] ?? -1;
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
  given(noVsock, 'has the port that the kernel chose, in bytes that go in again', () => {
    const fd = made(s.AF_VSOCK, s.SOCK_STREAM);
    s.bind(fd, vm(s.VMADDR_CID_ANY, s.VMADDR_PORT_ANY));
    const address = s.getsockname(fd);
    expect(vmPort(address)).toBeLessThan(s.VMADDR_PORT_ANY);
    expect(address).toEqual(vm(s.VMADDR_CID_ANY, vmPort(address)));
    const other = made(s.AF_VSOCK, s.SOCK_STREAM);
    expect(outcome(() => s.bind(other, address))).toBe('EADDRINUSE');
  });

  given(noLoopback, 'connects on the loopback', () => {
    const listener = made(s.AF_VSOCK, s.SOCK_STREAM);
    s.bind(listener, vm(s.VMADDR_CID_LOCAL, s.VMADDR_PORT_ANY));
    listens(listener);
    const client = made(s.AF_VSOCK, s.SOCK_STREAM);
    s.connect(client, s.getsockname(listener));
    const server = accepted(listener);
    sendText(client, 'hello');
    expect(received(server, 8, 0)).toBe('hello');
    expect(vmPort(s.getpeername(server))).toBe(vmPort(s.getsockname(client)));
  });
});

describe('CAN', () => {
  given(noCan, 'has an address in bytes that go in again', () => {
    const fd = made(s.AF_CAN, s.SOCK_RAW, s.CAN_RAW);
    const sockaddr = Buffer.alloc(24); // struct sockaddr_can, on every interface
    Buffer.from(new Uint16Array([s.AF_CAN]).buffer).copy(sockaddr);
    s.bind(fd, { family: 'raw', sockaddr });
    const address = s.getsockname(fd);
    s.bind(made(s.AF_CAN, s.SOCK_RAW, s.CAN_RAW), address);
    expect(address.family).toBe('raw');
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
      else expect(['IPv4', 'IPv6', 'Unix', 'Netlink', 'raw']).toContain(name.family);
    }
  });

  test('that there is not is refused: EAFNOSUPPORT, or EINVAL for a number that no family can have', () => {
    expect([MOST + 1, 2 ** 31 - 1, -1].map((domain) => refusal(() => s.socket(domain, s.SOCK_STREAM)))).toEqual(
      Array(3).fill('EAFNOSUPPORT'),
    );
    expect(refusal(() => s.socket(s.AF_INET, 77))).toBe('EINVAL');
  });
});
