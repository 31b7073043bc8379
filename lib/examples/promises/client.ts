/** The client of the article with promises: `../client.ts`, where what waits does not block the event loop. */
import { SOCK_STREAM } from '../../index.js';
import { printable } from '../../printable.js';
import { Socket, type WaitOptions } from '../../promises/index.js';
import type { ClientOptions as BlockingOptions } from '../client.js';
import { decodeFrame, encodeFrame, internetAddress } from '../frame.js';
import { asyncStep, step } from '../perror.js';
import { printOut, readWord } from '../terminal.js';
import { recvFrame } from './frame.js';

/** What {@link client} can be given. */
export interface ClientOptions extends Omit<BlockingOptions, 'scan'>, WaitOptions {
  /** Where the word comes from when the program asks; standard input where left out, which is closed then. */
  scan?: () => Promise<string | Uint8Array>;
}

/**
 * Sends one message and receives the answer: socket(2), connect(2), send(2), recv(2), close(2). It leaves no descriptor
 * open.
 *
 * @returns the server's answer
 * @throws StepFailed with the C program's perror text: ECONNREFUSED, ECONNRESET, ETIMEDOUT, EPIPE, EOF …;
 * UnfitMessage (EMSGSIZE) before anything else happens where `message` is given and fits no frame; the reason of the
 * signal
 */
export async function client(options: ClientOptions = {}): Promise<string> {
  const { host = '127.0.0.1', port = 12000, message, print = printOut, signal } = options;
  const { scan = () => readWord(process.stdin, signal) } = options;
  const wait: WaitOptions = signal ? { signal } : {};
  const given = message === undefined ? null : encodeFrame(message);
  const { domain, address } = internetAddress(host, port);
  const socket = step('client_sockfd creation failed', () => new Socket(domain, SOCK_STREAM));
  try {
    await asyncStep('connect failed', () => socket.connect(address, wait));
    if (given === null) print('Please input the message:');
    const frame = given ?? (await asyncStep('input failed', async () => encodeFrame(await scan())));
    await asyncStep('send failed', () => socket.sendAll(frame, wait));
    const answer = decodeFrame(await asyncStep('recv server data failed', () => recvFrame(socket, wait)));
    print(`receive data from server: ${printable(answer)}\n`);
    return answer;
  } finally {
    socket.close();
  }
}
