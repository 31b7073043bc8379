/** As run-program.ts, but the client goes to a port where nobody listens: for compare.test.ts. */
import { AF_INET, bind, getsockname, SOCK_STREAM, socket } from 'bsd-sockets';
import type { Task } from '../../lib/reuse/programs.js';

const task = JSON.parse(process.argv[2] ?? '') as Task;
if (task.program === 'client') {
  const held = socket(AF_INET, SOCK_STREAM);
  bind(held, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  const address = getsockname(held);
  if ('port' in address) process.argv[2] = JSON.stringify({ ...task, port: address.port });
}
await import('../../lib/reuse/run-program.js');
