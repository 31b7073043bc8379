// A restart that drops no connection. The parent asks without a pause; the server is restarted meanwhile.
import { listenWith } from 'bsd-sockets/node';
import { drain, restartable } from 'bsd-sockets/restart';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** The server: the same program takes over from the one that runs. `kill -HUP` it, or start it once more by hand. */
async function serve(path) {
  const service = await restartable({
    path,
    listeners: { http: { family: 'IPv4', address: '127.0.0.1', port: 0 } },
    async serve({ listeners: { http } }) {
      const { port } = http.getsockname();
      const server = createServer((request, response) => response.end(String(process.pid)));
      await listenWith(server, http);
      process.send?.(port); // to the parent, for this example only
      return { stop: () => drain(server, { timeoutMs: 10_000 }) };
    },
  });
  process.on('SIGHUP', () => service.startNext().catch(console.error));
  await service.ended;
  process.disconnect?.();
}

async function restartUnderLoad() {
  const path = `\0restart-example-${process.pid}`;
  const start = async () => {
    const child = spawn(process.execPath, [import.meta.filename, path.replace('\0', '@')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [port] = await once(child, 'message');
    return { child, port };
  };
  const first = await start();
  const answered = new Map();
  let failed = 0;
  let second;
  const starting = start().then((started) => (second = started));
  for (let after = 0; after < 100; after += second === undefined ? 0 : 1) {
    try {
      const pid = await (await fetch(`http://127.0.0.1:${first.port}/`)).text();
      answered.set(pid, (answered.get(pid) ?? 0) + 1);
    } catch {
      failed += 1;
    }
  }
  await starting;
  console.log('processes that answered:', answered.size, 'requests that failed:', failed);
  second.child.kill();
}

const [path] = process.argv.slice(2);
if (path === undefined) await restartUnderLoad();
else await serve(path.replace('@', '\0'));
