/** A process gives its listeners, and connections, to the next one, which starts while it still serves. */
import { spawn } from 'node:child_process';
import { takeUnread, unshift } from '../node/index.js';
import { listen, Socket } from '../promises/index.js';
import type { SocketAddress } from '../socket-address.js';
import { onLinux } from '../errors.js';
import { SO_PEERCRED } from '../index.js';
import { asFunction, asObject, asText, integer } from '../validate.js';
import { duplicate } from '../node/handle.js';
import { Channel } from './channel.js';
import { closeAll, giveConnections, giveListeners, takeConnections, type HeldConnection } from './give.js';
import { controlListener, removePath, takeListeners, type Taken } from './control.js';

/** A connection that goes to the next process. */
export interface Connection {
  /** The connection; what was received and put in front by `unshift` goes with it. */
  socket: Socket;
  /** What the next process has to know about it: anything that JSON can tell, up to 32 KiB. */
  data?: unknown;
}

/** What `serve` gets, all of it to be closed by the service. */
export interface Given {
  /** The listeners by their names. */
  listeners: Record<string, Socket>;
  /** Connections that the process before has handed over; none at the first start. */
  connections: Connection[];
}

/** What `serve` returns. */
export interface Service {
  /** Stops accepting before it returns; resolves when everything that was accepted is answered: `drain(server)`. */
  stop(): Promise<void>;
  /** Called after `stop`: connections that the next process is to go on with. They are no longer the service's. */
  handOver?(): Connection[] | Promise<Connection[]>;
}

/** What {@link restartable} is told. */
export interface RestartOptions {
  /** Where the next process finds this one: a path for a unix socket, or an abstract name ('\0…'). */
  path: string;
  /** The listeners by name: an address, which is listened on with SO_REUSEADDR, or a function that makes one. Only what the
   * process before does not have is made. */
  listeners: Record<string, SocketAddress | (() => Socket)>;
  /** Begins to serve. Do what may fail or takes long before you call `restartable`. */
  serve(given: Given): Service | Promise<Service>;
  /** How long each step of the other process may take, in milliseconds: 10,000 where it is left out. */
  timeoutMs?: number;
  /** Told when the next process failed to start, and this one serves on. Without it that is a process warning. */
  onError?(error: unknown): void;
}

/** A service that can be restarted. */
export interface Restartable {
  /** Was it taken over from another process? */
  readonly tookOver: boolean;
  /** Resolves when the next process serves, and everything that this one accepted is answered. */
  readonly ended: Promise<void>;
  /** Starts this program again, with the arguments given or the same ones: resolves when it serves, rejects when it
   * ended without that. */
  startNext(args?: readonly string[]): Promise<void>;
  /** Ends the service without another process. */
  close(): Promise<void>;
}

/**
 * Serves, and lets the next process that calls this with the same path take over without dropping a connection.
 *
 * The listeners go by SCM_RIGHTS, so what waits in their queues is accepted by whoever serves; both check that the other is
 * the same user's, or root's. The old process serves until the new one is ready; stops accepting; drains; ends. Where the
 * new one fails or is killed before it serves, the old one serves on. Linux.
 *
 * @param options - what to serve, and where
 * @returns resolves when this process serves
 * @throws TypeError, RangeError with ERR_* codes; SocketError ENOSYS (not Linux), EADDRINUSE, EACCES …; what `serve` throws: then the process
 * before serves on
 * @example
 * const service = await restartable({
 *   path: '/run/my-app/restart.sock',
 *   listeners: { http: { family: 'IPv4', address: '0.0.0.0', port: 8080 } },
 *   async serve({ listeners }) {
 *     const server = http.createServer(answer)
 *     await listenWith(server, listeners.http)
 *     return { stop: () => drain(server) }
 *   },
 * })
 * process.on('SIGHUP', () => service.startNext().catch(console.error))
 */
export async function restartable(options: RestartOptions): Promise<Restartable> {
  onLinux(SO_PEERCRED as number | undefined, 'getsockopt');
  checkOptions(options);
  const { path, timeoutMs = 10_000 } = options;
  for (;;) {
    const taken = await takeListeners(path, timeoutMs);
    try {
      const control = taken?.control ?? controlListener(path);
      if (control === undefined) continue; // another one was faster: take over from it
      const running = new Running(options, control, timeoutMs, taken !== undefined);
      await running.begin(taken);
      return running;
    } catch (error) {
      taken?.channel.close();
      throw error;
    }
  }
}

function checkOptions(options: RestartOptions): void {
  const { path, listeners, serve, timeoutMs } = asObject(options, 'options');
  asText(typeof path === 'string' ? path.replace(/^\0/, '') : path, 'options.path');
  asObject(listeners, 'options.listeners');
  asFunction(serve, 'options.serve');
  if (timeoutMs !== undefined) integer(timeoutMs, 'options.timeoutMs', 1, 2 ** 31 - 1);
}

class Running implements Restartable {
  readonly tookOver: boolean;
  readonly ended: Promise<void>;
  readonly #options: RestartOptions;
  readonly #control: Socket;
  readonly #timeoutMs: number;
  /** A descriptor of each listener, beside the service's own: to begin again, and to give away. */
  readonly #held = new Map<string, number>();
  #service: Service | undefined;
  #end: () => void = () => undefined;
  #gaveAway: () => void = () => undefined;

  constructor(options: RestartOptions, control: Socket, timeoutMs: number, tookOver: boolean) {
    this.#options = options;
    this.#control = control;
    this.#timeoutMs = timeoutMs;
    this.tookOver = tookOver;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Makes what is missing, says ready, and serves. */
  async begin(taken: Taken | undefined): Promise<void> {
    try {
      for (const [name, wanted] of Object.entries(this.#options.listeners)) {
        const socket = typeof wanted === 'function' ? wanted : (): Socket => listen(wanted, { reuseAddress: true });
        this.#held.set(name, taken?.listeners.get(name) ?? socket().detach());
        taken?.listeners.delete(name);
      }
      await this.#serve(taken === undefined ? [] : await takeConnections(taken.channel));
      if (taken !== undefined && !(await isOurs(taken.channel))) {
        await this.#service?.stop();
        throw new Error('serve() took longer than the process before waits; that one serves on');
      }
    } catch (error) {
      this.#release();
      throw error;
    } finally {
      closeAll(taken?.listeners.values() ?? []); // what we do not know
      taken?.channel.close();
    }
    this.#control.listen(); // so that the credentials of whoever connects next are held against ours
    this.#control.unref();
    void this.#giveAwayWhenAsked();
  }

  async startNext(args: readonly string[] = process.argv.slice(1)): Promise<void> {
    const child = spawn(process.execPath, [...process.execArgv, ...args], { stdio: 'inherit' });
    await new Promise<void>((resolve, reject) => {
      this.#gaveAway = resolve;
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`the next process ended before it served: ${String(code ?? signal)}`));
      });
    });
    child.unref();
  }

  async close(): Promise<void> {
    if (this.#control.fd !== -1) removePath(this.#options.path);
    this.#release();
    await this.#service?.stop();
    this.#end();
  }

  async #serve(connections: readonly HeldConnection[]): Promise<void> {
    const listeners = Object.fromEntries([...this.#held].map(([name, fd]) => [name, Socket.fromFd(duplicate(fd))]));
    const given = connections.map(({ fd, unread, data }) => {
      const socket = Socket.fromFd(duplicate(fd));
      unshift(socket, unread);
      return { socket, data };
    });
    try {
      this.#service = await this.#options.serve({ listeners, connections: given });
    } catch (error) {
      for (const socket of [...Object.values(listeners), ...given.map((one) => one.socket)]) socket.close();
      throw error;
    }
    closeAll(connections.map(({ fd }) => fd));
  }

  async #giveAwayWhenAsked(): Promise<void> {
    for await (const { socket } of this.#control.incoming()) {
      const channel = new Channel(socket, this.#timeoutMs);
      try {
        if (channel.isTrusted && (await this.#giveAway(channel))) return;
      } catch (error) {
        this.#tell(error);
      } finally {
        channel.close();
      }
    }
  }

  /** Does the other process serve now? */
  async #giveAway(channel: Channel): Promise<boolean> {
    await giveListeners(channel, this.#held, this.#control.fd);
    if (!(await channel.hears('ready'))) throw new Error('the next process was not ready; this one serves on');
    const stopped = this.#service?.stop();
    const connections = held((await this.#service?.handOver?.()) ?? []);
    try {
      await giveConnections(channel, connections);
      if (!(await channel.hears('serving'))) throw new Error('the next process did not serve; this one serves on');
      await channel.tell({ type: 'done' });
    } catch (error) {
      await this.#serve(connections);
      throw error;
    }
    closeAll(connections.map(({ fd }) => fd));
    this.#release();
    this.#gaveAway();
    void Promise.resolve(stopped).then(this.#end, (error: unknown) => {
      this.#tell(error);
      this.#end();
    });
    return true;
  }

  #release(): void {
    this.#control.close();
    closeAll(this.#held.values());
    this.#held.clear();
  }

  #tell(error: unknown): void {
    if (this.#options.onError) this.#options.onError(error);
    else process.emitWarning(String(error), { code: 'BSD_SOCKETS_RESTART' });
  }
}

/** Has the process before let go, or died? It serves on where it did not want to wait any longer. */
async function isOurs(channel: Channel): Promise<boolean> {
  try {
    await channel.tell({ type: 'serving' });
    if (await channel.hears('done')) return true;
  } catch {
    // it has closed
  }
  return !channel.isPeerAlive();
}

/** The connections' descriptors, which are kept until the other process serves. */
function held(connections: readonly Connection[]): HeldConnection[] {
  return connections.map(({ socket, data }) => ({ fd: socket.detach(), unread: takeUnread(socket), data }));
}
