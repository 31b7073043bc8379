/**
 * `flood-clients PORT COUNT FIRST`: COUNT connections at once. Each sends its number, from FIRST on, and waits for the
 * same number.
 */
import { AF_INET, SOCK_STREAM } from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { say, sayLast } from './peer.js';
import { codeOf, recvAll, resetOnClose, sourceAddress } from './sockets.js';

/** What has come of it. */
export interface FloodAnswered {
  answered: number;
  /** Those that got another number. */
  wrong: number;
  /** Those that failed, by call and code. */
  failed: Record<string, number>;
}

const [port = 0, count = 0, first = 0] = process.argv.slice(2).map(Number);
const result: FloodAnswered = { answered: 0, wrong: 0, failed: {} };

async function ask(socket: Socket, connected: Promise<void>, id: number): Promise<void> {
  try {
    await connected;
    const [sent, received] = [Buffer.alloc(8), Buffer.alloc(8)];
    sent.writeBigUInt64LE(BigInt(id));
    await socket.sendAll(sent);
    await recvAll(socket, received);
    if (received.equals(sent)) result.answered++;
    else result.wrong++;
  } catch (error) {
    const what = `${(error as NodeJS.ErrnoException).syscall ?? 'recv'} ${codeOf(error)}`;
    result.failed[what] = (result.failed[what] ?? 0) + 1;
  } finally {
    socket.close();
  }
}

const asking: Promise<void>[] = [];
for (let id = first; id < first + count; id++) {
  const socket = new Socket(AF_INET, SOCK_STREAM);
  resetOnClose(socket);
  socket.bind(sourceAddress(id));
  const connected = socket.connect({ family: 'IPv4', address: '127.0.0.1', port });
  asking.push(ask(socket, connected, id));
}
say({ begun: count });
await Promise.all(asking);
sayLast(result);
