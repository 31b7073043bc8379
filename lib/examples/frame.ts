/** What the example programs send each other: text in a frame of 40 bytes, padded with zeros. */
import { AF_INET, AF_INET6, recv, send, type SocketAddress } from '../index.js';
import { isIPv6 } from 'node:net';

/** The length of every frame in bytes: the C programs' `BUFFER_SIZE`. A zero ends the text, so 39 are left for it. */
export const BUFFER_SIZE = 40;

/** A message that no frame can carry. */
export class UnfitMessage extends RangeError {
  readonly code = 'EMSGSIZE';
}
UnfitMessage.prototype.name = 'UnfitMessage';

/** The peer closed the connection in the midst of a frame. */
export class EarlyEnd extends Error {
  readonly code = 'EOF';

  /** @param received - how many bytes of the frame came */
  constructor(received: number) {
    super(`the peer closed the connection after ${String(received)} of ${String(BUFFER_SIZE)} bytes`);
  }
}
EarlyEnd.prototype.name = 'EarlyEnd';

/**
 * The frame of a message: its bytes (UTF-8), then zeros. In C a buffer of 40 bytes that nobody cleared.
 *
 * @throws UnfitMessage where it is longer than 39 bytes or holds a zero byte, at which the peer would cut it
 */
export function encodeFrame(message: string | Uint8Array): Buffer {
  const text = Buffer.from(message);
  if (text.length >= BUFFER_SIZE) {
    throw new UnfitMessage(`the message is longer than ${String(BUFFER_SIZE - 1)} bytes`);
  }
  if (text.includes(0)) throw new UnfitMessage('the message has a zero byte in it');
  return Buffer.concat([text], BUFFER_SIZE);
}

/** The text of a frame: as in C it ends at the first zero, but here also where there is none. */
export function decodeFrame(frame: Uint8Array): string {
  const end = frame.indexOf(0);
  return Buffer.from(end === -1 ? frame : frame.subarray(0, end)).toString();
}

/**
 * A whole frame: `recv(2)`, again only where the frame comes in pieces. It blocks the event loop.
 *
 * @param fd - a connected socket; it stays yours
 * @throws EarlyEnd, and recv's SocketError
 */
export function recvFrame(fd: number): Buffer {
  const frame = Buffer.alloc(BUFFER_SIZE);
  let received = 0;
  while (received < BUFFER_SIZE) {
    const bytesRead = recv(fd, frame.subarray(received), 0);
    if (bytesRead === 0) throw new EarlyEnd(received);
    received += bytesRead;
  }
  return frame;
}

/**
 * Sends a whole frame: `send(2)`, again only where the socket took a part. It blocks the event loop.
 *
 * @param fd - a connected socket; it stays yours
 * @throws send's SocketError
 */
export function sendFrame(fd: number, frame: Uint8Array): void {
  let sent = 0;
  while (sent < frame.length) sent += send(fd, frame.subarray(sent), 0);
}

/** The family for socket(2) and the address for bind(2) or connect(2): the C programs' `struct sockaddr_in`. */
export function internetAddress(host: string, port: number): { domain: number; address: SocketAddress } {
  return isIPv6(host)
    ? { domain: AF_INET6, address: { family: 'IPv6', address: host, port } }
    : { domain: AF_INET, address: { family: 'IPv4', address: host, port } };
}
