/** The server of the article with promises: `../server.ts`, where what waits does not block the event loop. */
import { SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../../index.js';
import { printable } from '../../printable.js';
import { Socket, type WaitOptions } from '../../promises/index.js';
import { decodeFrame, encodeFrame, internetAddress } from '../frame.js';
import { asyncStep, step } from '../perror.js';
import { ANSWER, type ServerOptions as BlockingOptions } from '../server.js';
import { printOut } from '../terminal.js';
import { recvFrame } from './frame.js';

/** What {@link server} can be given. */
export type ServerOptions = BlockingOptions & WaitOptions;

/**
 * Serves one client and ends: socket(2), setsockopt(2) if wanted, bind(2), listen(2), accept(2), recv(2), send(2),
 * close(2) twice. It leaves no descriptor open.
 *
 * @returns the message that the client sent
 * @throws StepFailed with the C program's perror text: EADDRINUSE, EADDRNOTAVAIL, EACCES, ECONNRESET, EOF …; the
 * reason of the signal
 */
export async function server(options: ServerOptions = {}): Promise<string> {
  const { print = printOut, signal } = options;
  const wait: WaitOptions = signal ? { signal } : {};
  const listener = listening(options, 5);
  try {
    const { socket } = await asyncStep('accept client socket failed', () => listener.accept(wait));
    try {
      return await converse(socket, print, wait);
    } finally {
      socket.close();
    }
  } finally {
    listener.close();
  }
}

/**
 * The server's part before it accepts: socket(2), setsockopt(2) if wanted, bind(2), listen(2). `onListening` is called.
 *
 * @returns the listener, which is yours to close
 * @throws StepFailed; nothing is left open then
 */
export function listening(options: BlockingOptions, backlog: number): Socket {
  const { host = '0.0.0.0', port = 12000, reuse = false, onListening } = options;
  const { domain, address } = internetAddress(host, port);
  const listener = step('server_sockfd creation failed', () => new Socket(domain, SOCK_STREAM));
  try {
    if (reuse) {
      step('setsockopt failed', () => {
        listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
      });
    }
    step('server socket bind failed', () => {
      listener.bind(address);
    });
    step('listen failed', () => {
      listener.listen(backlog);
    });
    onListening?.(port === 0 ? listener.getsockname() : address);
    return listener;
  } catch (error) {
    listener.close();
    throw error;
  }
}

/**
 * The server's part once it has accepted: recv(2), send(2).
 *
 * @param socket - the connection; it stays yours
 * @param onReceived - told after each piece how many bytes of the client's frame are there
 * @returns the message that the client sent
 * @throws StepFailed
 */
export async function converse(
  socket: Socket,
  print: (text: string) => void,
  wait: WaitOptions,
  onReceived?: (received: number) => void,
): Promise<string> {
  const message = decodeFrame(await asyncStep('recv client data failed', () => recvFrame(socket, wait, onReceived)));
  print(`receive from client:${printable(message)}\n`);
  await asyncStep('send failed', () => socket.sendAll(encodeFrame(ANSWER), wait));
  return message;
}
