// Why can a port not be bound? Who has it, which bind would work now, what to do; and the wait until it is free.
import {
  bind,
  close,
  AF_INET,
  SOCK_STREAM,
  SO_REUSEADDR,
  SOL_SOCKET,
  getsockname,
  setsockopt,
  socket,
} from 'bsd-sockets';
import { explain, say, waitUntilFree, why } from 'bsd-sockets/doctor';

const holder = socket(AF_INET, SOCK_STREAM);
setsockopt(holder, SOL_SOCKET, SO_REUSEADDR, true);
bind(holder, { family: 'IPv4', address: '127.0.0.1', port: 0 });
const address = getsockname(holder);

const { binds, holders } = why(address);
console.log(binds); // { none: 'EADDRINUSE', reuseaddr: 'ok', reuseport: 'EADDRINUSE', both: 'ok' }
for (const { state, pid, command } of holders) console.log(state, pid, command);

const second = socket(AF_INET, SOCK_STREAM);
try {
  bind(second, address);
} catch (error) {
  console.log(say(explain(error)).join('\n'));
}

setTimeout(() => close(holder), 50);
await waitUntilFree(address, { signal: AbortSignal.timeout(10_000) });
bind(second, address);
console.log('bound', getsockname(second));
close(second);
