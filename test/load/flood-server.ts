/**
 * `flood-server BACKLOG CONNECTIONS`: accepts nothing until it is told to. Then it takes all that come, and answers
 * none until it has all or no descriptor is left, so that they are open at once. Each gets back the eight bytes it sent.
 */
import { type Socket } from 'bsd-sockets/promises';
import { heard, say, sayLast } from './peer.js';
import { codeOf, loopbackListener, recvAll } from './sockets.js';

/** What has come of it. */
export interface FloodServed {
  /** Connections that were accepted. */
  accepted: number;
  /** Those that got their answer and were closed by the client then. */
  served: number;
  /**
   * Connections that nobody made. While SYN cookies are sent, a segment that comes late, after its client has gone, makes
   * one: the kernel keeps nothing that tells it from the first.
   */
  ghosts: number;
  /** How many were open at once. */
  mostOpen: number;
  /** How often there was no descriptor for one more. */
  starved: number;
  /** Connections that failed, by code. */
  failed: Record<string, number>;
}

const [backlog = 0, connections = 0] = process.argv.slice(2).map(Number);
const { server, port } = loopbackListener(backlog);
const result: FloodServed = { accepted: 0, served: 0, ghosts: 0, mostOpen: 0, starved: 0, failed: {} };
/** Those of which nothing has come yet. */
const silent = new Set<Socket>();
let open = 0;
let isEnding = false;
let openGate!: () => void;
const gate = new Promise<void>((resolve) => (openGate = resolve));

async function serve(socket: Socket): Promise<void> {
  if (++result.accepted === connections) openGate();
  result.mostOpen = Math.max(result.mostOpen, ++open);
  try {
    const id = Buffer.alloc(8);
    silent.add(socket);
    await recvAll(socket, id);
    silent.delete(socket);
    await gate;
    await socket.sendAll(id);
    await socket.recv(id).catch((error: unknown) => {
      if (codeOf(error) !== 'ECONNRESET') throw error; // the client closes with a reset
    });
    result.served++;
  } catch (error) {
    if (isEnding && silent.has(socket)) {
      result.ghosts++;
      result.accepted--;
      return;
    }
    result.failed[codeOf(error)] = (result.failed[codeOf(error)] ?? 0) + 1;
    openGate(); // it will not be all of them any more
  } finally {
    socket.close();
    open--;
  }
}

async function serveAll(): Promise<void> {
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
    result.starved++;
    openGate();
  };
  const conversations: Promise<void>[] = [];
  for await (const { socket } of server.incoming({ onError })) conversations.push(serve(socket));
  await Promise.all(conversations); // all clients have closed; not all of them have been seen to
}

say({ port });
await heard(); // accept
const serving = serveAll();
await heard(); // end: every client has its answer
isEnding = true;
server.close();
for (const socket of silent) socket.close();
await serving;
sayLast(result);
