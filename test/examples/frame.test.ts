import { describe, expect, test } from '@jest/globals';
import { AF_UNIX, recv, send, SOCK_SEQPACKET, SOCK_STREAM, socketpair } from 'bsd-sockets';
import {
  BUFFER_SIZE,
  decodeFrame,
  encodeFrame,
  internetAddress,
  recvFrame,
  sendFrame,
} from '../../lib/examples/frame.js';
import { closeNow, closing, thrownBy, timed } from '../support/sockets.js';

/** Two ends; each send is one receive, so a frame in pieces comes in just these pieces. */
function packets(type = SOCK_SEQPACKET): [number, number] {
  const [a, b] = socketpair(AF_UNIX, type).map(closing) as [number, number];
  for (const fd of [a, b]) timed(fd, 5000);
  return [a, b];
}

describe('encodeFrame', () => {
  test('pads the text with zeros to 40 bytes', () => {
    expect(encodeFrame('hello')).toEqual(Buffer.from('hello' + '\0'.repeat(35)));
  });

  test('takes 39 bytes and refuses 40: EMSGSIZE', () => {
    expect(encodeFrame('x'.repeat(39)).toString('latin1')).toBe('x'.repeat(39) + '\0');
    expect(thrownBy(() => encodeFrame('x'.repeat(40))).code).toBe('EMSGSIZE');
  });

  test('counts bytes, not characters', () => {
    expect(decodeFrame(encodeFrame('é'.repeat(19)))).toBe('é'.repeat(19));
    expect(thrownBy(() => encodeFrame('é'.repeat(20))).code).toBe('EMSGSIZE');
  });

  test('refuses a zero byte, at which the peer would cut the message: EMSGSIZE', () => {
    expect(thrownBy(() => encodeFrame('a\0b')).code).toBe('EMSGSIZE');
  });

  test('takes bytes that are no UTF-8 as they are', () => {
    expect(encodeFrame(Buffer.from([0xff, 0xfe])).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xfe, 0]));
  });
});

describe('decodeFrame', () => {
  test('ends the text at the first zero: what a sloppy peer sends after it is not read', () => {
    expect(decodeFrame(Buffer.from('hello\0secret'.padEnd(BUFFER_SIZE, 'x')))).toBe('hello');
  });

  test('ends the text with the frame where there is no zero', () => {
    expect(decodeFrame(Buffer.alloc(BUFFER_SIZE, 'x'))).toBe('x'.repeat(BUFFER_SIZE));
  });
});

describe('recvFrame', () => {
  test('puts a frame together that arrives in four pieces', () => {
    const [a, b] = packets();
    const frame = encodeFrame('0123456789abcdefghijABCDEFGHIJ');
    for (let from = 0; from < BUFFER_SIZE; from += 10) send(a, frame.subarray(from, from + 10));
    expect(recvFrame(b)).toEqual(frame);
  });

  test('reads no byte of what follows the frame', () => {
    const [a, b] = packets(SOCK_STREAM);
    send(a, Buffer.from('x'.repeat(BUFFER_SIZE) + 'next'));
    recvFrame(b);
    const rest = Buffer.alloc(8);
    expect(rest.toString('latin1', 0, recv(b, rest))).toBe('next');
  });

  test.each([0, 10, 39])('tells that the peer closed after %i bytes: EOF', (length) => {
    const [a, b] = packets(SOCK_STREAM);
    if (length > 0) send(a, Buffer.alloc(length));
    closeNow(a);
    const error = thrownBy(() => recvFrame(b));
    expect(error.code).toBe('EOF');
    expect(error.message).toContain(`after ${String(length)} of 40 bytes`);
  });
});

describe('sendFrame', () => {
  test('sends the whole frame', () => {
    const [a, b] = packets();
    sendFrame(a, encodeFrame('hello'));
    expect(decodeFrame(recvFrame(b))).toBe('hello');
  });
});

describe('internetAddress', () => {
  test('tells IPv6 from IPv4', () => {
    expect(internetAddress('::1', 7).address).toEqual({ family: 'IPv6', address: '::1', port: 7 });
    expect(internetAddress('127.0.0.1', 7).address).toEqual({ family: 'IPv4', address: '127.0.0.1', port: 7 });
  });
});
