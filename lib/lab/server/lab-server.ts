/** The lab's HTTP server: on the loopback, on a socket of ours, for whoever knows its address. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Language } from '../../language.js';
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../../index.js';
import { listenWith } from '../../node/listen.js';
import { Socket } from '../../promises/index.js';
import { answer, answerRefused, headersOf, oneLine, Refused } from './answer.js';
import { allow, routeOf, type Route } from './guard.js';
import { serverSentEvents } from './event-stream.js';
import { answerSession } from './session-routes.js';
import { Sessions } from './sessions.js';
import { upgrade } from './upgrade.js';

/** How long a client may take to send its request. */
const REQUEST_TIMEOUT_MS = 10_000;

/** A lab that runs. */
export interface Lab {
  /** The address of its page, with the token. */
  readonly url: string;
  /** Ends it with all its processes and sockets. Resolves when they are gone. */
  close(): Promise<void>;
}

/**
 * Starts a lab. Nothing is reachable from elsewhere, and no file is written.
 *
 * @param port - 0: a free one
 * @param language - of its page, where that asks for none
 * @throws SocketError EADDRINUSE, EACCES …
 */
export async function startLab(port: number, language: Language): Promise<Lab> {
  const token = randomBytes(18).toString('base64url');
  const socket = boundTo(port);
  const address = socket.getsockname();
  const own = 'port' in address ? address.port : port;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
  try {
    await listenWith(server, socket);
  } catch (error) {
    socket.close();
    throw error;
  }
  const sessions = new Sessions();
  server.on('request', (request, response) => {
    void handle(request, response, () => dispatch(routeOf(request, own, token), request, response, sessions, language));
  });
  server.on('upgrade', (request, socket) => {
    upgrade(request, socket, () => routeOf(request, own, token), sessions);
  });
  return { url: `http://127.0.0.1:${String(own)}/${token}/`, close: () => close(server, sessions) };
}

function boundTo(port: number): Socket {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  try {
    // Of the lab before there may be connections in TIME_WAIT on the port.
    socket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
    socket.bind({ family: 'IPv4', address: '127.0.0.1', port });
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

async function close(server: Server, sessions: Sessions): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  await sessions.close();
  server.closeAllConnections();
  await closed;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  run: () => Promise<void> | void,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (request.destroyed && response.destroyed) return; // whoever asked has gone
    answerRefused(response, error instanceof Refused ? error : new Refused(500, oneLine(error)));
  }
}

async function dispatch(
  { path, query }: Route,
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Sessions,
  language: Language,
): Promise<void> {
  if (path === '') {
    allow(request, 'GET', 'HEAD');
    const { pageOf } = await import('../page/page.js'); // all of the page's program is in it
    const { html, csp } = pageOf({ language });
    answer(response, 200, headersOf('text/html', csp), html);
    return;
  }
  if (path === 'events') {
    allow(request, 'GET');
    sessions.start(() => serverSentEvents(response));
    return;
  }
  const [, id, what] = /^sessions\/([\w-]+)\/(\w+)$/.exec(path) ?? [];
  if (id === undefined || what === undefined) throw new Refused(404, 'There is nothing here.');
  await answerSession(what, sessions.get(id), { request, response, query, language });
}
