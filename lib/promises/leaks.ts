/** Sockets that nobody closed: their descriptors are closed, and a warning tells. */
import { native } from '../native.js';
import { abandon, owns } from './readiness.js';

/** With this in the environment the warning tells where the socket was made, which costs time for every socket. */
const TRACE = 'BSD_SOCKETS_TRACE';
const traces = Boolean(process.env[TRACE]);

/** What can be dropped: an object with a descriptor. */
interface Droppable {
  /** -1 once it was closed. */
  readonly fd: number;
  readonly owner: number;
}

interface Held extends Droppable {
  readonly trace: string | undefined;
}

const registry = new FinalizationRegistry<Held>(({ fd, owner, trace }) => {
  if (!owns(owner, fd)) return; // it was closed
  abandon(fd, true);
  native.closeNow(fd);
  const where = trace ?? `Run with ${TRACE}=1 to see where it was made.`;
  process.emitWarning(
    `Closing socket descriptor ${String(fd)} on garbage collection: close() was not called. ${where}`,
    { code: 'BSD_SOCKETS_DROPPED' },
  );
});

let made: Droppable[] = [];

/** Watches over a socket, from the end of this turn on: many sockets have been closed by then, and need no watching. */
export function watch(socket: Droppable): void {
  if (traces) register(socket, madeAt(socket));
  else if (made.push(socket) === 1) setImmediate(registerMade);
}

function registerMade(): void {
  const open = made;
  made = [];
  for (const socket of open) if (socket.fd !== -1) register(socket);
}

function register(socket: Droppable, trace?: string): void {
  registry.register(socket, { fd: socket.fd, owner: socket.owner, trace });
}

function madeAt(socket: object): string {
  const holder = { stack: '' };
  Error.captureStackTrace(holder, socket.constructor);
  return `It was made${holder.stack.replace(/^.*\n/, '\n')}`;
}
