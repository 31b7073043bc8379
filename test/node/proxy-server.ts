/** A TCP proxy in a process of its own: `node proxy-server.js KIND UPSTREAM_PORT`. Tells its memory when it is told to. */
import { connect, listen } from 'bsd-sockets/promises';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [kind = '', port = ''] = process.argv.slice(2);
const upstream = { family: 'IPv4', address: '127.0.0.1', port: Number(port) } as const;

async function between(one: Duplex, other: Duplex): Promise<unknown> {
  return Promise.all([pipeline(one, other), pipeline(other, one)]);
}

function serveNet(): void {
  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const other = net.connect({ port: upstream.port, host: upstream.address, allowHalfOpen: true });
    between(client, other).catch(console.error);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
}

async function serveOurs(): Promise<void> {
  const listener = listen({ family: 'IPv4', address: '127.0.0.1', port: 0 });
  process.send?.((listener.getsockname() as { port: number }).port);
  for await (const { socket } of listener.incoming()) {
    const other = await connect(upstream);
    if (kind === 'duplex') {
      between(socket.toDuplex(), other.toDuplex()).catch(console.error);
    } else {
      const [a, b] = [socket.toWeb(), other.toWeb()];
      Promise.all([a.readable.pipeTo(b.writable), b.readable.pipeTo(a.writable)]).catch(console.error);
    }
  }
}

process.on('message', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.send?.({ cpuMs: (userCPUTime + systemCPUTime) / 1000, maxRssKiB: maxRSS });
});
if (kind === 'net') serveNet();
else await serveOurs();
