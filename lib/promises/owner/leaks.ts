/** Sockets that nobody closed: their descriptors are closed, and a warning tells. */
import { native } from '../../native.js';
import { outcomeOf } from '../engine/outcome.js';
import { abandon, owns } from '../engine/readiness.js';

/** With this in the environment the warning tells where the socket was made, which costs time for every socket. */
const TRACE = 'BSD_SOCKETS_TRACE';
const traces = Boolean(process.env[TRACE]);

/** What can be dropped: an object with a descriptor. */
interface Droppable {
  /** -1 once it was closed. */
  readonly fd: number;
  readonly owner: number;
  /** Has its events told from now on. */
  register(): void;
}

interface Held {
  readonly fd: number;
  readonly owner: number;
  readonly trace: string | undefined;
}

const registry = new FinalizationRegistry<Held>(({ fd, owner, trace }) => {
  if (!owns(owner, fd)) return; // it was closed
  abandon(fd);
  if (outcomeOf(native.closeOwn(fd)) === 0) return; // the number is a stranger's
  const where = trace ?? `Run with ${TRACE}=1 to see where it was made.`;
  process.emitWarning(
    `Closing socket descriptor ${String(fd)} on garbage collection: close() was not called. ${where}`,
    { code: 'BSD_SOCKETS_DROPPED' },
  );
});

/** Watching over a socket costs as much as a few calls, and many are closed soon: so it begins a little later. */
const LATER_MS = 50;
/** So many are held until then. */
const MOST_MADE = 64;
const made: (Droppable | undefined)[] = [];
let count = 0;
let timer: NodeJS.Timeout | undefined;

/** Watches over a socket. */
export function watch(socket: Droppable): void {
  if (traces) {
    register(socket, madeAt(socket));
    return;
  }
  made[count++] = socket;
  if (count === MOST_MADE) registerMade();
  timer ??= setTimeout(onTimer, LATER_MS).unref();
}

function onTimer(): void {
  timer = undefined;
  registerMade();
}

function registerMade(): void {
  for (let i = 0; i < count; i++) {
    const socket = made[i];
    made[i] = undefined;
    if (socket !== undefined && socket.fd !== -1) register(socket);
  }
  count = 0;
}

function register(socket: Droppable, trace?: string): void {
  try {
    socket.register(); // then closeOwn can tell it from a stranger's that has its number: the selector watches open files
  } catch {
    // it cannot be watched, or has been closed behind our back
  }
  registry.register(socket, { fd: socket.fd, owner: socket.owner, trace });
}

function madeAt(socket: object): string {
  const holder = { stack: '' };
  Error.captureStackTrace(holder, socket.constructor);
  return `It was made${holder.stack.replace(/^.*\n/, '\n')}`;
}
