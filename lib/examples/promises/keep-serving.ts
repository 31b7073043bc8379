/** The server of the article for many clients at once, until it is told to stop. */
import { constants } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { accept, close, SocketError, SOMAXCONN, type SocketAddress } from '../../index.js';
import { Socket, type AcceptedSocket } from '../../promises/index.js';
import { asyncStep, StepFailed } from '../perror.js';
import type { ServerOptions } from '../server.js';
import { printOut } from '../terminal.js';
import { Conversation } from './conversation.js';
import { listening } from './server.js';

/** How long a client may take for its frame, in milliseconds. */
const PATIENCE_MS = 60_000;
/** How long a client that is in the middle of its frame may still take when the server stops, in milliseconds. */
export const GRACE_MS = 3000;

/** What {@link keepServing} is given. */
export interface KeepOptions extends ServerOptions {
  /** Ends the server: no more clients; those in the middle of a frame may finish. */
  stop: AbortSignal;
  /** Ends it now, whatever is unfinished. */
  cut?: AbortSignal;
  /** How long a client may take for its frame; a minute where left out. */
  patienceMs?: number;
  /** How long after `stop` a frame may be finished; 3 seconds where left out. */
  graceMs?: number;
  /** Told when the server stops, how many clients are in the middle of a frame. */
  onStopping?: (unfinished: number) => void;
  /** Told what went wrong, and with which client: the server goes on. Without a client it could not be accepted. */
  onFailure?: (failure: StepFailed, client?: SocketAddress) => void;
}

/**
 * Serves clients, one after another and many at once, until `stop`. Then it accepts no more; clients that have sent
 * nothing are closed, and those in the middle of a frame may finish it and are answered. Resolves when all is closed.
 *
 * @throws StepFailed with the C program's perror text where it cannot listen: EADDRINUSE, EADDRNOTAVAIL, EACCES …
 */
export async function keepServing(options: KeepOptions): Promise<void> {
  const { stop, onFailure } = options;
  if (stop.aborted) return;
  const listener = listening(options, SOMAXCONN);
  const clients = new Clients(options);
  const onStop = (): void => {
    clients.serveQueued(listener.detach()); // which ends the loop
  };
  stop.addEventListener('abort', onStop, { once: true });
  try {
    const onError = (error: SocketError): void => onFailure?.(notAccepted(error));
    await asyncStep(ACCEPT_FAILED, async () => {
      for await (const client of listener.incoming({ onError })) clients.serve(client);
    });
    await clients.finish();
  } finally {
    stop.removeEventListener('abort', onStop);
    listener.close();
    clients.stop();
  }
}

const ACCEPT_FAILED = 'accept client socket failed';

const notAccepted = (error: SocketError): StepFailed => new StepFailed(ACCEPT_FAILED, error);

/** The conversations that go on. */
class Clients {
  readonly #options: KeepOptions;
  readonly #conversations = new Map<Conversation, Promise<void>>();

  constructor(options: KeepOptions) {
    this.#options = options;
  }

  /** Begins a conversation. Takes ownership of the socket. */
  serve({ socket, address }: AcceptedSocket): void {
    const conversation = new Conversation(socket);
    this.#conversations.set(conversation, this.#hold(conversation, address));
  }

  async #hold(conversation: Conversation, address: SocketAddress): Promise<void> {
    const { print = printOut, patienceMs = PATIENCE_MS, onFailure } = this.#options;
    try {
      await conversation.hold(print, patienceMs);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      onFailure?.(error, address);
    } finally {
      this.#conversations.delete(conversation);
    }
  }

  /** Serves those whose connection the kernel has made already, and closes the listener, which would reset them. */
  serveQueued(listenerFd: number): void {
    try {
      for (let left = SOMAXCONN; left >= 0; left--) {
        const client = acceptQueued(listenerFd);
        if (client === undefined) return;
        this.serve(client);
      }
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.#options.onFailure?.(notAccepted(error));
    } finally {
      close(listenerFd);
    }
  }

  /** Lets unfinished conversations end, for a limited time. */
  async finish(): Promise<void> {
    const { cut, graceMs = GRACE_MS, onStopping } = this.#options;
    await nextTurn(); // what has been received by now is counted then
    const unfinished = [...this.#conversations].filter(([conversation]) => !conversation.stopIfIdle());
    onStopping?.(unfinished.length);
    const stop = (): void => {
      this.stop();
    };
    const timer = setTimeout(stop, graceMs);
    cut?.addEventListener('abort', stop);
    try {
      if (cut?.aborted) stop();
      await Promise.all(this.#conversations.values());
    } finally {
      clearTimeout(timer);
      cut?.removeEventListener('abort', stop);
    }
  }

  /** Ends all conversations, wherever they are. */
  stop(): void {
    for (const conversation of this.#conversations.keys()) conversation.stop();
  }
}

/** The next connection in the queue of a listener that does not block; undefined where there is none. */
function acceptQueued(listenerFd: number): AcceptedSocket | undefined {
  try {
    const { fd, address } = accept(listenerFd);
    return { socket: Socket.fromFd(fd), address };
  } catch (error) {
    if (error instanceof SocketError && error.errno === -constants.errno.EAGAIN) return undefined;
    throw error;
  }
}
