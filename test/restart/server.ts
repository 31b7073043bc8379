/** A program that can be restarted: `node server.js CONTROL [PORT]`. DIE=serve: it is killed right before it serves. */
import { drain, restartable } from 'bsd-sockets/restart';
import { listenWith } from 'bsd-sockets/node';
import { createServer } from 'node:http';

const [path = '', port = '0'] = process.argv.slice(2);

let address: unknown;
const service = await restartable({
  path: path.replace('@', '\0'),
  listeners: { http: { family: 'IPv4', address: '127.0.0.1', port: Number(port) } },
  async serve({ listeners: { http } }) {
    if (process.env['DIE'] === 'serve') process.kill(process.pid, 'SIGKILL');
    if (process.env['DIE'] === 'throw') throw new Error('it cannot serve');
    const server = createServer((_request, response) => response.end(String(process.pid)));
    if (http === undefined) throw new Error('no listener');
    address = http.getsockname();
    await listenWith(server, http);
    return { stop: () => drain(server) };
  },
  onError: (error) => console.log(`serves on: ${(error as Error).message}`),
});
process.on('SIGHUP', () => {
  service.startNext().then(
    () => console.log('the next one serves'),
    (error: unknown) => console.log(String(error)),
  );
});
console.log(`serving ${JSON.stringify(address)} ${String(process.pid)}`);
await service.ended;
console.log(`ended ${String(process.pid)}`);
