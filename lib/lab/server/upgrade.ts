/** The handshake of a WebSocket: RFC 6455. */
import { createHash } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { oneLine, Refused } from './answer.js';
import { webSocketEvents } from './event-stream.js';
import { allow, type Route } from './guard.js';
import type { Sessions } from './sessions.js';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Sixteen bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

/** Starts a session over a WebSocket; or says why not, and closes the connection. */
export function upgrade(request: IncomingMessage, socket: Duplex, route: () => Route, sessions: Sessions): void {
  socket.on('error', () => undefined); // it has gone
  try {
    const { path } = route();
    if (path !== 'events') throw new Refused(404, 'There is no WebSocket here.');
    allow(request, 'GET');
    const accepted = acceptOf(request);
    sessions.start(() => {
      const lines = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accepted}`];
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      return webSocketEvents(socket);
    });
  } catch (error) {
    if (socket.destroyed) return;
    const { status, message } = error instanceof Refused ? error : new Refused(500, oneLine(error));
    socket.end(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n${message}\n`);
  }
}

/** @throws Refused 400 */
function acceptOf({ headers }: IncomingMessage): string {
  const key = headers['sec-websocket-key'] ?? '';
  const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket' && headers['sec-websocket-version'] === '13';
  if (!isWebSocket || !KEY.test(key)) throw new Refused(400, 'This is no WebSocket of version 13.');
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}
