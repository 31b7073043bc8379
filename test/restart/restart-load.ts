/** Restarts a server again and again while clients ask it without a pause: what failed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import { join } from 'node:path';
import { until } from '../support/until.js';

const SERVER = join(import.meta.dirname, 'server.js');

/** What a run has seen. */
export interface LoadResult {
  requests: number;
  restarts: number;
  killed: number;
  processes: number;
  failed: string[];
}

/** So many clients ask at the same time, each on a connection that is kept alive. */
const CLIENTS = 8;

class Servers {
  readonly #control = `@bsd-sockets-restart-${String(process.pid)}-${String(Date.now())}`;
  readonly running = new Set<ChildProcess>();
  port = 0;

  /** Starts a server: resolves when it serves or, where it shall die, when it has. */
  async start(env: Record<string, string> = {}): Promise<void> {
    const child = spawn(process.execPath, [SERVER, this.#control], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.running.add(child);
    child.once('exit', () => this.running.delete(child));
    if (env['DIE'] !== undefined) {
      await once(child, 'exit');
      return;
    }
    for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      const port = /"port":(\d+)/.exec(String(text))?.[1];
      if (port === undefined) continue;
      this.port = Number(port);
      child.stdout.resume();
      return;
    }
    throw new Error('the server ended');
  }

  async end(): Promise<void> {
    const ended = [...this.running].map((child) => once(child, 'exit'));
    for (const child of this.running) child.kill('SIGKILL');
    await Promise.all(ended);
  }
}

function ask(agent: http.Agent, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', agent }, (response) => {
      let pid = '';
      response.setEncoding('latin1').on('data', (text: string) => (pid += text));
      response.on('end', () => (response.statusCode === 200 ? resolve(pid) : reject(new Error('status'))));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** Asks at least `least` times, and until `restarts` are done; every third restart one that is killed comes before. */
export async function load(least: number, restarts: number): Promise<LoadResult> {
  const servers = new Servers();
  const result: LoadResult = { requests: 0, restarts: 0, killed: 0, processes: 0, failed: [] };
  const pids = new Set<string>();
  let restarting = true;
  await servers.start();
  const client = async (): Promise<void> => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (restarting || result.requests < least) {
      await ask(agent, servers.port).then(
        (pid) => pids.add(pid),
        (error: unknown) => result.failed.push(String(error)),
      );
      result.requests++;
    }
    agent.destroy();
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  const pause = least / restarts; // restarts are spread over the requests
  try {
    for (; result.restarts < restarts; result.restarts++) {
      await until(() => result.requests >= result.restarts * pause);
      if (result.restarts % 3 === 1) {
        await servers.start({ DIE: 'serve' });
        result.killed++;
      }
      await servers.start();
    }
  } finally {
    restarting = false;
    await clients;
    await servers.end();
  }
  return { ...result, processes: pids.size };
}
