import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AF_INET6, connect, recv, send, SHUT_RDWR, shutdown } from 'bsd-sockets';
import { encodeFrame } from '../../lib/examples/frame.js';
import { StepFailed } from '../../lib/examples/perror.js';
import { server, type ServerOptions } from '../../lib/examples/server.js';
import { openSockets, reset } from '../support/peers.js';
import { closeNow, listener, tcp, thrownBy } from '../support/sockets.js';

/**
 * Runs the server in this process. `peer` gets a connected socket before the server accepts it: what it
 * sends then is waiting already, so that the server never blocks.
 */
function serve(peer: (fd: number) => void, options: ServerOptions = {}): { message: string; printed: string } {
  let printed = '';
  const message = server({
    host: '127.0.0.1',
    port: 0,
    print: (text) => (printed += text),
    onListening: (address) => {
      const fd = tcp(address.family === 'IPv6' ? AF_INET6 : undefined);
      connect(fd, address);
      peer(fd);
    },
    ...options,
  });
  return { message, printed };
}

function received(fd: number): string {
  const buffer = Buffer.alloc(64);
  let length = 0;
  for (let count; (count = recv(fd, buffer.subarray(length))) > 0;) length += count;
  return buffer.toString('latin1', 0, length);
}

describe('server', () => {
  test('receives one message, prints it, answers with a frame padded with zeros, and closes', () => {
    let client = -1;
    const { message, printed } = serve((fd) => send((client = fd), encodeFrame('hello')));
    expect(message).toBe('hello');
    expect(printed).toBe('receive from client:hello\n');
    expect(received(client)).toBe('I have received your message.'.padEnd(40, '\0'));
  });

  test('reads a message whole that arrives ten bytes at a time', () => {
    const frame = encodeFrame('0123456789abcdefghijABCDEFGHIJ');
    const { message } = serve((fd) => {
      for (let from = 0; from < 40; from += 10) send(fd, frame.subarray(from, from + 10));
    });
    expect(message).toBe('0123456789abcdefghijABCDEFGHIJ');
  });

  test('returns the message as it came and prints it harmless', () => {
    const { message, printed } = serve((fd) => send(fd, encodeFrame('\x1b[2J')));
    expect(message).toBe('\x1b[2J');
    expect(printed).toBe('receive from client:\\x1b[2J\n');
  });

  test('listens on IPv6 too', () => {
    expect(serve((fd) => send(fd, encodeFrame('six')), { host: '::1' }).message).toBe('six');
  });
});

describe('a server that fails closes what it opened', () => {
  let before: string[] = [];
  beforeEach(() => {
    before = openSockets();
  });
  afterEach(() => expect(openSockets()).toEqual(before));

  /** The failure of `serve`, as `perror` prints it. */
  function failure(peer: (fd: number) => void, options?: ServerOptions): string {
    const error = thrownBy(() => serve(peer, options));
    expect(error).toBeInstanceOf(StepFailed);
    return error.message;
  }

  test('bind: an address that is in use', () => {
    const { fd, address } = listener();
    const { port } = address as { port: number };
    expect(failure(() => undefined, { port, reuse: true })).toBe('server socket bind failed: Address already in use');
    closeNow(fd);
  });

  test('bind: an address that is not of this host', () => {
    const said = failure(() => undefined, { host: '192.0.2.1' });
    expect(said).toBe('server socket bind failed: Cannot assign requested address');
  });

  test('accept', () => {
    const fd = tcp();
    closeNow(fd); // the server's socket gets the same number
    const onListening = (): void => shutdown(fd, SHUT_RDWR);
    expect(failure(() => undefined, { onListening })).toBe('accept client socket failed: Invalid argument');
  });

  test('recv: the peer closes in the midst of the frame', () => {
    const said = failure((fd) => {
      send(fd, Buffer.alloc(10, 'x'));
      closeNow(fd);
    });
    expect(said).toBe('recv client data failed: the peer closed the connection after 10 of 40 bytes');
  });

  test('recv: the peer resets', () => {
    expect(failure(reset)).toBe('recv client data failed: Connection reset by peer');
  });

  test('send: the peer resets', () => {
    let client = -1;
    const print = (): void => reset(client);
    const said = failure((fd) => send((client = fd), encodeFrame('hello')), { print });
    expect(said).toBe('send failed: Connection reset by peer');
  });

  test('a hook that throws', () => {
    const onListening = (): void => {
      throw new Error('mine');
    };
    expect(() => server({ host: '127.0.0.1', port: 0, onListening })).toThrow('mine');
  });
});
