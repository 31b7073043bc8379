/** The README's claim: every constant that CPython's `_socket` has for sockets, but for what is listed here. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { spawnSync } from 'node:child_process';

const LIST = `
import _socket, json
names = [name for name in dir(_socket) if type(getattr(_socket, name)) is not bool]
print(json.dumps({name: int(getattr(_socket, name)) for name in names if isinstance(getattr(_socket, name), int)}))
`;

/** What is left out, and why. */
const LEFT_OUT: readonly (readonly [names: RegExp, why: string])[] = [
  [/^(?:AI|NI|EAI)_/, 'of getaddrinfo and getnameinfo, which are no calls of this library: node:dns'],
  [/^(?:BTPROTO|BDADDR|HCI|BT|L2CAP|RFCOMM|SCO|HIDP)_|^SOL_(?:HCI|L2CAP|RFCOMM|SCO|BLUETOOTH)$/, 'of Bluetooth'],
  [/^ALG_(?:SET_PUBKEY|OP_SIGN|OP_VERIFY)$/, 'of a patch that no kernel has: CPython numbers them itself'],
  [/^ETHERTYPE_/, "another header's names of ETH_P_*"],
  [/^(?:HV|HVSOCKET)_|^(?:AF_HYPERV|SIO_|RCVALL_)/, 'of Windows'],
];

const python = spawnSync('python3', ['-c', LIST], { encoding: 'utf8' });
const there = python.status === 0;
const withPython = there ? test : test.skip;
const why = there ? '' : ' (skipped: there is no python3)';
const theirs = Object.entries(there ? (JSON.parse(python.stdout) as Record<string, number>) : {});
const ours = s as unknown as Record<string, number | undefined>;

const leftOut = (name: string): boolean => LEFT_OUT.some(([names]) => names.test(name));

describe("the constants of CPython's _socket", () => {
  withPython(`are here with the same values${why}`, () => {
    const wanted = theirs.filter(([name]) => !leftOut(name));
    expect(wanted.length).toBeGreaterThan(200);
    expect(wanted.filter(([name, value]) => !isSame(ours[name], value))).toEqual([]);
  });

  withPython(`are left out where the list says so, and only there${why}`, () => {
    expect(theirs.filter(([name]) => leftOut(name) && ours[name] !== undefined)).toEqual([]);
  });
});

/** A flag in the highest bit of an int is negative there in some versions. */
function isSame(value: number | undefined, theirs: number): boolean {
  return value !== undefined && value >>> 0 === theirs >>> 0;
}
