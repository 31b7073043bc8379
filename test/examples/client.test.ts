import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { accept, AF_INET6, bind, getsockname, recv, send, SHUT_WR, shutdown } from 'bsd-sockets';
import { client, type ClientOptions } from '../../lib/examples/client.js';
import { encodeFrame } from '../../lib/examples/frame.js';
import { StepFailed } from '../../lib/examples/perror.js';
import { openSockets, reset } from '../support/peers.js';
import { closeNow, closing, listener, LOOPBACK, tcp, thrownBy, timed } from '../support/sockets.js';

/**
 * Runs the client in this process. `peer` gets the accepted socket while the client waits for its word: what it
 * sends then is waiting already, so that the client never blocks.
 */
function talk(
  peer: (fd: number) => void,
  word = 'hello',
  options: ClientOptions = {},
): { answer: string; printed: string } {
  let printed = '';
  const { host = '127.0.0.1' } = options;
  const at = host === '::1' ? listener({ ...LOOPBACK, family: 'IPv6', address: host }, AF_INET6) : listener();
  const scan = (): string => {
    peer(timed(closing(accept(at.fd).fd), 5000));
    closeNow(at.fd);
    return word;
  };
  const { port } = at.address as { port: number };
  const answer = client({ host, port, scan, print: (text) => (printed += text), ...options });
  return { answer, printed };
}

describe('client', () => {
  test('asks for a word, sends it in a frame padded with zeros, and prints the answer', () => {
    let server = -1;
    const { answer, printed } = talk((fd) => send((server = fd), encodeFrame('fine')));
    expect(answer).toBe('fine');
    expect(printed).toBe('Please input the message:receive data from server: fine\n');
    const buffer = Buffer.alloc(64);
    expect(buffer.toString('latin1', 0, recv(server, buffer))).toBe('hello'.padEnd(40, '\0'));
  });

  test('reads an answer whole that arrives ten bytes at a time', () => {
    const frame = encodeFrame('0123456789abcdefghijABCDEFGHIJ');
    const { answer } = talk((fd) => {
      for (let from = 0; from < 40; from += 10) send(fd, frame.subarray(from, from + 10));
    });
    expect(answer).toBe('0123456789abcdefghijABCDEFGHIJ');
  });

  test('returns the answer as it came and prints it harmless', () => {
    const { answer, printed } = talk((fd) => send(fd, encodeFrame('\x1bc')));
    expect(answer).toBe('\x1bc');
    expect(printed).toContain('receive data from server: \\x1bc\n');
  });

  test('connects to IPv6 too', () => {
    expect(talk((fd) => send(fd, encodeFrame('six')), 'hello', { host: '::1' }).answer).toBe('six');
  });

  test('refuses a message of 40 bytes before it makes a socket: EMSGSIZE', () => {
    expect(thrownBy(() => client({ message: 'x'.repeat(40) })).code).toBe('EMSGSIZE');
  });
});

describe('a client that fails closes what it opened', () => {
  let before: string[] = [];
  beforeEach(() => {
    before = openSockets();
  });
  afterEach(() => expect(openSockets()).toEqual(before));

  /** The failure of `talk`, as `perror` prints it. */
  function failure(peer: (fd: number) => void, word?: string): string {
    const error = thrownBy(() => talk(peer, word));
    expect(error).toBeInstanceOf(StepFailed);
    return error.message;
  }

  test('connect: nobody listens', () => {
    const fd = tcp();
    bind(fd, LOOPBACK);
    const { port } = getsockname(fd) as { port: number };
    const error = thrownBy(() => client({ port, message: 'hello' }));
    closeNow(fd);
    expect(error).toMatchObject({ code: 'ECONNREFUSED', message: 'connect failed: Connection refused' });
  });

  test('input: a word of 40 bytes, of which nothing is sent', () => {
    let server = -1;
    expect(failure((fd) => (server = fd), 'x'.repeat(40))).toBe('input failed: the message is longer than 39 bytes');
    expect(recv(server, Buffer.alloc(64))).toBe(0);
    closeNow(server);
  });

  test('send: the peer resets', () => {
    expect(failure(reset)).toBe('send failed: Connection reset by peer');
  });

  test('recv: the peer closes in the midst of the frame', () => {
    let server = -1;
    const said = failure((fd) => {
      send((server = fd), Buffer.alloc(10, 'x'));
      shutdown(fd, SHUT_WR);
    });
    closeNow(server);
    expect(said).toBe('recv server data failed: the peer closed the connection after 10 of 40 bytes');
  });
});
