/** The client of the article, step for step: each comment is the C program's line. */
import { close, connect, SOCK_STREAM, socket } from '../index.js';
import { printable } from '../printable.js';
import { decodeFrame, encodeFrame, internetAddress, recvFrame, sendFrame } from './frame.js';
import { step } from './perror.js';
import { printOut, scanWord } from './terminal.js';

export interface ClientOptions {
  /** The server's IP address; 127.0.0.1 where left out. */
  host?: string;
  /** The server's port; 12000 where left out. */
  port?: number;
  /** What to send, 39 bytes at most; where left out, the program asks for it once it is connected. */
  message?: string | Uint8Array;
  /** Where the word comes from when the program asks; standard input where left out. */
  scan?: () => string | Uint8Array;
  /** Where the program's output goes; standard output where left out. */
  print?: (text: string) => void;
}

/**
 * Sends one message and receives the answer: socket(2), connect(2), send(2), recv(2), close(2).
 * **It blocks the event loop** all the while, as the C program blocks. It leaves no descriptor open.
 *
 * @returns the server's answer
 * @throws StepFailed with the C program's perror text: ECONNREFUSED, ECONNRESET, ETIMEDOUT, EPIPE, EOF …;
 * UnfitMessage (EMSGSIZE) before anything else happens where `message` is given and fits no frame
 */
export function client(options: ClientOptions = {}): string {
  const { host = '127.0.0.1', port = 12000, message, scan = scanWord, print = printOut } = options;
  const given = message === undefined ? null : encodeFrame(message);
  // C: address.sin_family = AF_INET; .sin_addr.s_addr = inet_addr("127.0.0.1"); .sin_port = htons(12000);
  const { domain, address } = internetAddress(host, port);
  // C: client_sockfd = socket(AF_INET, SOCK_STREAM, 0)
  const clientFd = step('client_sockfd creation failed', socket, domain, SOCK_STREAM, 0);
  try {
    // C: connect(client_sockfd, (struct sockaddr *)&address, len)
    step('connect failed', connect, clientFd, address);
    // C: printf("Please input the message:")
    if (given === null) print('Please input the message:');
    // C: scanf("%s", buf)
    const frame = given ?? step('input failed', () => encodeFrame(scan()));
    // C: send(client_sockfd, buf, BUFFER_SIZE, 0)
    step('send failed', sendFrame, clientFd, frame);
    // C: recv(client_sockfd, buf, BUFFER_SIZE, 0)
    const answer = decodeFrame(step('recv server data failed', recvFrame, clientFd));
    // C: printf("receive data from server: %s\n", buf)
    print(`receive data from server: ${printable(answer)}\n`);
    return answer;
  } finally {
    // C: close(client_sockfd)
    close(clientFd);
  }
}
