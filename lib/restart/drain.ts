/** Ends a server of Node's without ending a request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as net from 'node:net';
import { asObject, integer, invalidType } from '../validate.js';

/** What {@link drain} can be given. */
export interface DrainOptions {
  /** How long connections may take to end, in milliseconds: 30,000 where it is left out. */
  timeoutMs?: number;
}

/** What http and https servers have beside net's. */
interface HttpServer extends net.Server {
  closeAllConnections(): void;
}

/**
 * Stops accepting at once, and waits until every connection has ended. An HTTP connection that is kept alive is told
 * "Connection: close" with its next answer: `server.close()` would close it although the next request may be under
 * way, which its client sees as a reset. Those that say nothing end after the server's own `keepAliveTimeout`.
 *
 * @param server - a server of node:net, http or https. It closes its listener; other processes' are untouched
 * @returns resolves when no connection is left, or the time is over: HTTP connections are closed then, others are left
 * @throws TypeError ERR_INVALID_ARG_TYPE; RangeError ERR_OUT_OF_RANGE
 */
export async function drain(server: net.Server, options: DrainOptions = {}): Promise<void> {
  if (!(server instanceof net.Server)) throw invalidType('server', 'an instance of net.Server', server);
  const { timeoutMs = 30_000 } = asObject(options, 'options') as DrainOptions;
  integer(timeoutMs, 'options.timeoutMs', 0, 2 ** 31 - 1);
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  });
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
    net.Server.prototype.close.call(server, () => {
      resolve();
    });
  });
  clearTimeout(timer);
  if ('closeAllConnections' in server) (server as HttpServer).closeAllConnections();
}
