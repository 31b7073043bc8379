/** Frames on a Socket: `../frame.ts` without blocking the event loop. */
import type { Socket, WaitOptions } from '../../promises/index.js';
import { BUFFER_SIZE, EarlyEnd } from '../frame.js';

/**
 * A whole frame: `recv(2)`, again where the frame comes in pieces.
 *
 * @param socket - a connected socket; it stays yours
 * @param onReceived - told after each piece how many bytes of the frame are there
 * @throws EarlyEnd, and recv's SocketError
 */
export async function recvFrame(
  socket: Socket,
  options?: WaitOptions,
  onReceived?: (received: number) => void,
): Promise<Buffer> {
  const frame = Buffer.alloc(BUFFER_SIZE);
  let received = 0;
  while (received < BUFFER_SIZE) {
    const bytesRead = await socket.recv(frame.subarray(received), options);
    if (bytesRead === 0) throw new EarlyEnd(received);
    received += bytesRead;
    onReceived?.(received);
  }
  return frame;
}
