import { describe, expect, test } from '@jest/globals';
import { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM } from 'bsd-sockets';
import fc from 'fast-check';
import { decodeUnixSocket, encodeUnixRequest, type UnixSocket } from '../../lib/doctor/kernel/unix-diag.js';
import { answer, attribute, ints, message, SOCKET } from './netlink-messages.js';

const [NAME, VFS, UID] = [0, 1, 7];

/** A struct unix_diag_msg, and attributes. */
function diag(type: number, state: number, ...attributes: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([AF_UNIX, type, state, 0]), ints(4711, 0, 0), ...attributes]);
}

/** What messages with these bodies say. */
function sockets(...bodies: readonly Uint8Array[]): UnixSocket[] {
  return answer(Buffer.concat(bodies.map((body) => message(SOCKET, body))), decodeUnixSocket).items;
}

describe('the list of unix sockets', () => {
  test('says what was bound to which name, whose it is, and which file that made', () => {
    const device = (0x103 << 20) | 0x12345; // major 0x103, minor 0x12345
    const attributes = [
      attribute(NAME, Buffer.from('/tmp/é.sock\0')),
      attribute(VFS, ints(99, device)),
      attribute(UID, ints(1000)),
    ];
    expect(sockets(diag(SOCK_STREAM, 10, ...attributes))).toEqual([
      {
        path: '/tmp/é.sock',
        type: 'stream',
        state: 'LISTEN',
        inode: 4711,
        uid: 1000,
        file: { dev: 0x12310345, ino: 99 },
      },
    ]);
  });

  test('has the other types and states, and sockets of which the kernel says no more', () => {
    expect(sockets(diag(SOCK_DGRAM, 7), diag(SOCK_SEQPACKET, 1))).toEqual([
      { path: '', type: 'dgram', state: 'CLOSE', inode: 4711 },
      { path: '', type: 'seqpacket', state: 'ESTABLISHED', inode: 4711 },
    ]);
  });

  test('has abstract names with all of their NULs', () => {
    expect(sockets(diag(SOCK_STREAM, 10, attribute(NAME, Buffer.from('\0a\0b'))))).toMatchObject([{ path: '\0a\0b' }]);
  });

  test('has nothing of messages that are cut short or about something else', () => {
    const whole = diag(SOCK_STREAM, 10);
    const other = Buffer.from([AF_INET, ...whole.subarray(1)]);
    expect(sockets(whole.subarray(0, 15), other, diag(SOCK_RAW, 7), whole)).toHaveLength(1);
  });

  test('of any attributes at all has the socket, and no error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(sockets(diag(SOCK_STREAM, 10, bytes))).toMatchObject([{ inode: 4711 }]);
      }),
    );
  });
});

test('a request is a header and a struct unix_diag_req', () => {
  expect(encodeUnixRequest()).toHaveLength(40);
});
