// Our programs beside C programs that do the same: test/c/server.c and client.c.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { accept, bind, connect, getsockname, recv, send } from 'bsd-sockets';
import { encodeFrame } from '../../lib/examples/frame.js';
import { reset } from '../support/peers.js';
import { command, compile, listeningPort, run, type Program } from '../support/programs.js';
import { closeNow, closing, listener, LOOPBACK, tcp, timed } from '../support/sockets.js';

/** One language's programs. */
interface Side {
  server: (port?: number) => Program;
  client: (port: number, ...message: string[]) => Program;
}

const sides: Record<string, Side> = {
  C: {
    server: (port = 0) => run(compile('server'), [String(port)]),
    client: (port, ...message) => run(compile('client'), [String(port), ...message]),
  },
  TypeScript: {
    server: (port = 0) => command('server', '--port', String(port)),
    client: (port, ...message) => command('client', '--port', String(port), ...message),
  },
};
const languages = Object.entries(sides);
const pairs = languages.flatMap(([served, { server }]) =>
  languages.map(([asked, { client }]) => [served, asked, server, client] as const),
);

/** What `recv` gives until `length` bytes have come or the peer has closed. */
function received(fd: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let count = 0;
  for (let more = 1; more > 0 && count < length; count += more) more = recv(fd, buffer.subarray(count));
  return buffer.subarray(0, count);
}

beforeAll(() => {
  compile('server');
  compile('client');
});

describe.each(pairs)('a %s server and a %s client', (_served, _asked, server, client) => {
  test('have the conversation, and both end with status 0', async () => {
    const serving = server();
    const asking = client(await listeningPort(serving));
    asking.input('hello\n');
    expect(await asking.ended).toMatchObject({
      code: 0,
      stdout: 'Please input the message:receive data from server: I have received your message.\n',
      stderr: '',
    });
    expect(await serving.ended).toMatchObject({ code: 0, stdout: 'receive from client:hello\n' });
  });

  test('carry a message of 39 bytes, spaces and all', async () => {
    const message = 'a message of several words, 39 bytes :)';
    const serving = server();
    const asking = client(await listeningPort(serving), message);
    expect((await asking.ended).code).toBe(0);
    expect((await serving.ended).stdout).toBe(`receive from client:${message}\n`);
  });
});

describe.each(languages)('a %s server', (_language, { server }) => {
  test('answers 40 bytes, the text and zeros, and then closes', async () => {
    const serving = server();
    const fd = tcp();
    connect(fd, { ...LOOPBACK, port: await listeningPort(serving) });
    send(fd, encodeFrame('hello'));
    expect(received(fd, 64)).toEqual(Buffer.from('I have received your message.'.padEnd(40, '\0')));
    expect((await serving.ended).code).toBe(0);
  });

  test('says that the port is in use as perror does, with status 1', async () => {
    const { port } = listener({ ...LOOPBACK, address: '0.0.0.0' }).address as { port: number };
    const { code, stdout, stderr } = await server(port).ended;
    expect([code, stdout]).toEqual([1, '']);
    // Ours names the command that tells more, besides.
    const words = 'server socket bind failed: Address already in use\\n';
    expect(stderr).toMatch(new RegExp(`^${words}(who has it: .* why ${String(port)} --host 0\\.0\\.0\\.0\\n)?$`));
  });

  test('says that the client reset as perror does, with status 1', async () => {
    const serving = server();
    const fd = tcp();
    connect(fd, { ...LOOPBACK, port: await listeningPort(serving) });
    reset(fd);
    const { code, stderr } = await serving.ended;
    expect([code, stderr.split('\n')[1]]).toEqual([1, 'recv client data failed: Connection reset by peer']);
  });

  test('says that the client closed too early, with status 1', async () => {
    const serving = server();
    const fd = tcp();
    connect(fd, { ...LOOPBACK, port: await listeningPort(serving) });
    send(fd, Buffer.from('0123456789'));
    closeNow(fd);
    const { code, stderr } = await serving.ended;
    const said = 'recv client data failed: the peer closed the connection after 10 of 40 bytes';
    expect([code, stderr.split('\n')[1]]).toEqual([1, said]);
  });
});

describe.each(languages)('a %s client', (_language, { client }) => {
  /** Starts the client with a message and accepts it here. */
  function accepted(): { asking: Program; fd: number } {
    const at = listener();
    const asking = client((at.address as { port: number }).port, 'hello');
    return { asking, fd: timed(closing(accept(at.fd).fd), 5000) };
  }

  test('sends 40 bytes, the message and zeros', async () => {
    const { asking, fd } = accepted();
    expect(received(fd, 40)).toEqual(Buffer.from('hello'.padEnd(40, '\0')));
    send(fd, encodeFrame('fine'));
    expect((await asking.ended).stdout).toBe('receive data from server: fine\n');
    expect(received(fd, 1)).toHaveLength(0);
  });

  test('reads an answer whole that arrives ten bytes at a time', async () => {
    const { asking, fd } = accepted();
    const frame = encodeFrame('0123456789abcdefghijABCDEFGHIJ');
    for (let from = 0; from < 40; from += 10) send(fd, frame.subarray(from, from + 10));
    expect((await asking.ended).stdout).toBe('receive data from server: 0123456789abcdefghijABCDEFGHIJ\n');
  });

  test('says that nobody listens as perror does, with status 1', async () => {
    const fd = tcp();
    bind(fd, LOOPBACK);
    const asking = client((getsockname(fd) as { port: number }).port, 'hello');
    expect(await asking.ended).toMatchObject({ code: 1, stdout: '', stderr: 'connect failed: Connection refused\n' });
  });

  test('says that the server reset as perror does, with status 1', async () => {
    const { asking, fd } = accepted();
    received(fd, 40);
    reset(fd);
    const stderr = 'recv server data failed: Connection reset by peer\n';
    expect(await asking.ended).toMatchObject({ code: 1, stdout: '', stderr });
  });

  test('says that the server closed too early, with status 1', async () => {
    const { asking, fd } = accepted();
    received(fd, 40);
    closeNow(fd);
    const stderr = 'recv server data failed: the peer closed the connection after 0 of 40 bytes\n';
    expect(await asking.ended).toMatchObject({ code: 1, stdout: '', stderr });
  });

  test('refuses a word of 40 bytes, of which it sends nothing, with status 1', async () => {
    const at = listener();
    const asking = client((at.address as { port: number }).port);
    asking.input('x'.repeat(40));
    const fd = timed(closing(accept(at.fd).fd), 5000);
    expect(received(fd, 1)).toHaveLength(0);
    expect(await asking.ended).toMatchObject({
      code: 1,
      stderr: 'input failed: the message is longer than 39 bytes\n',
    });
  });

  test('says that standard input ended before a word, with status 1', async () => {
    const at = listener();
    const asking = client((at.address as { port: number }).port);
    asking.input(' \n');
    const stderr = 'input failed: standard input ended before a word came\n';
    expect(await asking.ended).toMatchObject({ code: 1, stdout: 'Please input the message:', stderr });
  });
});
