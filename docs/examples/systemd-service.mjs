// An HTTP server as a service of systemd: the port comes from its .socket unit, and READY=1 goes back.
// `systemd-socket-activate -l 8080 node systemd-service.mjs`; without a manager it takes a port of its own, asks itself, and ends.
import { listenFds, listenWith, notify } from 'bsd-sockets/node';
import { listen } from 'bsd-sockets/promises';
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('served\n'));
const [inherited] = listenFds();
await listenWith(server, inherited?.fd ?? listen({ family: 'IPv4', address: '127.0.0.1', port: 0 }));
await notify({ ready: true, status: 'serving' }); // false where nobody wants to know
process.once('SIGTERM', async () => {
  await notify({ stopping: true });
  server.close();
});

if (inherited) {
  console.log(`serving on the socket "${inherited.name}"`);
} else {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}`);
  console.log('no manager;', await answer.text());
  server.close();
}
