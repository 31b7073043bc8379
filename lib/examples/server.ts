/** The server of the article, step for step: each comment is the C program's line. */
import {
  accept,
  bind,
  close,
  getsockname,
  listen,
  setsockopt,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
  type SocketAddress,
} from '../index.js';
import { printable } from '../printable.js';
import { decodeFrame, encodeFrame, internetAddress, recvFrame, sendFrame } from './frame.js';
import { step } from './perror.js';
import { printOut } from './terminal.js';

/** What every client is answered. */
export const ANSWER = 'I have received your message.';

export interface ServerOptions {
  /** The IP address to listen on; 0.0.0.0 where left out, C's `INADDR_ANY`. */
  host?: string;
  /** The port to listen on; 12000 where left out. 0: the kernel chooses, `onListening` tells. */
  port?: number;
  /** Set SO_REUSEADDR before bind? The article's second server does; false where left out. */
  reuse?: boolean;
  /** Called once clients can connect, with the address they connect to. */
  onListening?: (address: SocketAddress) => void;
  /** Where the program's output goes; standard output where left out. */
  print?: (text: string) => void;
}

/**
 * Serves one client and ends: socket(2), setsockopt(2) if wanted, bind(2), listen(2), accept(2), recv(2), send(2),
 * close(2) twice. **It blocks the event loop** all the while, as the C program blocks. It leaves no descriptor open.
 *
 * @returns the message that the client sent
 * @throws StepFailed with the C program's perror text: EADDRINUSE, EADDRNOTAVAIL, EACCES, ECONNRESET, EOF …
 */
export function server(options: ServerOptions = {}): string {
  const { host = '0.0.0.0', port = 12000, reuse = false, onListening, print = printOut } = options;
  // C: server_address.sin_family = AF_INET; .sin_addr.s_addr = INADDR_ANY; .sin_port = htons(12000);
  const { domain, address } = internetAddress(host, port);
  // C: server_sockfd = socket(AF_INET, SOCK_STREAM, 0)
  const serverFd = step('server_sockfd creation failed', socket, domain, SOCK_STREAM, 0);
  try {
    // C: int on = 1; setsockopt(server_sockfd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on))
    if (reuse) step('setsockopt failed', setsockopt, serverFd, SOL_SOCKET, SO_REUSEADDR, 1);
    // C: bind(server_sockfd, (struct sockaddr *)&server_address, sizeof(struct sockaddr))
    step('server socket bind failed', bind, serverFd, address);
    // C: listen(server_sockfd, 5)
    step('listen failed', listen, serverFd, 5);
    onListening?.(port === 0 ? getsockname(serverFd) : address);
    // C: client_sockfd = accept(server_sockfd, (struct sockaddr *)&client_address, &sin_size)
    const { fd: clientFd } = step('accept client socket failed', accept, serverFd);
    try {
      // C: recv(client_sockfd, buf, BUFFER_SIZE, 0)
      const message = decodeFrame(step('recv client data failed', recvFrame, clientFd));
      // C: printf("receive from client:%s\n", buf)
      print(`receive from client:${printable(message)}\n`);
      // C: send(client_sockfd, "I have received your message.", BUFFER_SIZE, 0)
      step('send failed', sendFrame, clientFd, encodeFrame(ANSWER));
      return message;
    } finally {
      // C: close(client_sockfd)
      close(clientFd);
    }
  } finally {
    // C: close(server_sockfd)
    close(serverFd);
  }
}
