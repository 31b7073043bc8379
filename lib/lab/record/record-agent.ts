/**
 * Loaded into a script's process before the script, and into each of its threads: `node --import record-agent.js`. It
 * watches the calls of every copy of this package, and writes a line for each to the descriptor that
 * BSD_SOCKETS_RECORD names. The script itself is left alone.
 */
import { fstatSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { isMainThread, threadId } from 'node:worker_threads';
import { getsockname, SO_ERROR, SOL_SOCKET } from '../../index.js';
import { native as ownNative, type Native } from '../../native.js';
import { observeFromOutside } from '../../observer.js';
import { clockMs } from '../../reuse/timeline.js';
import { endWithParent } from '../../reuse/end-with-parent.js';
import { CallPairs, type Begun } from './call-pairs.js';
import { RECORD_TO, type RecordLine } from './lines.js';

const { EAGAIN, EALREADY, EINPROGRESS } = constants.errno;
const UNDER_WAY = [-EAGAIN, -EINPROGRESS, -EALREADY];
/** They give a socket its port. */
const PLACING = ['bind', 'connect', 'listen'];
const MAKING = ['socket', 'accept', 'socketpair'];

/** The descriptor to write to; a child of the script, which inherits the environment, does not have it. */
function targetFd(named: string | undefined): number | undefined {
  const [fd, inode] = (named ?? '').split(':').map(Number);
  if (fd === undefined || inode === undefined) return undefined;
  try {
    return fstatSync(fd).ino === inode ? fd : undefined;
  } catch {
    return undefined;
  }
}

/** The port of its own, of what has one. */
function portOf(fd: number): number | undefined {
  const name = getsockname(fd);
  return (name.family === 'IPv4' || name.family === 'IPv6') && name.port !== 0 ? name.port : undefined;
}

interface Times {
  readonly startMs: number;
  readonly endMs: number;
}

/** The calls of this thread. */
class Agent {
  readonly #pairs = new CallPairs();
  readonly #to: number;

  constructor(to: number) {
    this.#to = to;
  }

  /** Makes the call, and tells of it. */
  observe(name: string, args: readonly unknown[], make: () => unknown, natives: object): unknown {
    if (name === 'recvMany' || name === 'sendMany') return this.#batch(name, args, make);
    const begun = this.#begin(name, args);
    const startMs = clockMs();
    const result = make() as number;
    const endMs = clockMs();
    if (begun === undefined) this.#connected(name, args, result, natives as Native);
    else this.#returned(begun, result, begun.isNew ? { startMs, endMs } : { startMs: begun.startMs, endMs });
    return result;
  }

  #begin(name: string, args: readonly unknown[]): Begun | undefined {
    const at = clockMs();
    const begun = this.#pairs.begin(name, args, at);
    if (begun?.isNew) this.#tell({ kind: 'called', at, thread: threadId, call: begun.call, text: begun.text });
    return begun;
  }

  #returned(begun: Begun, result: number, times: Times): void {
    const isUnderWay = UNDER_WAY.includes(result);
    // Not after accept: its answer, the peer's address, is still to be read, and getsockname would overwrite it.
    if (PLACING.includes(begun.name) && (result >= 0 || isUnderWay)) this.#tellSocket(begun.fd ?? -1, true);
    if (begun.waits && isUnderWay) return;
    this.#pairs.end(begun);
    this.#end(begun.call, result, times);
    if (result >= 0 && MAKING.includes(begun.name)) this.#tellSocket(result, false);
  }

  /** The transfers of many sockets in one: struct BatchEntry has a descriptor and a length, and then the outcome. */
  #batch(name: 'recvMany' | 'sendMany', [count, bytes, ...buffers]: readonly unknown[], make: () => unknown): unknown {
    const { buffer, byteOffset } = bytes as Uint8Array;
    const entries = new Int32Array(buffer, byteOffset, 2 * (count as number));
    const one = name === 'recvMany' ? 'recvNow' : 'sendNow';
    const begun = buffers
      .slice(0, count as number)
      .map((view, index) => this.#begin(one, [entries[2 * index], view, entries[2 * index + 1], 0]));
    const made = make();
    const endMs = clockMs();
    begun.forEach((call, index) => {
      if (call !== undefined) this.#returned(call, entries[2 * index] ?? 0, { startMs: call.startMs, endMs });
    });
    return made;
  }

  /** A promise's connect asks what has become of it: SO_ERROR, and then the peer's name. */
  #connected(name: string, [fd, level, option]: readonly unknown[], result: number, { reply }: Native): void {
    const call = this.#pairs.connecting(fd as number);
    if (call === undefined) return;
    let outcome: number | undefined;
    if (name === 'getpeername' && result >= 0) outcome = 0;
    if (name === 'getsockoptInt' && level === SOL_SOCKET && option === SO_ERROR) {
      const [offset] = ownNative.layout.Reply.value;
      const error = new Int32Array(reply, offset, 1)[0] ?? 0;
      if (error > 0) outcome = -error;
    }
    if (outcome === undefined) return;
    this.#pairs.end({ name: 'connect', fd: fd as number });
    this.#end(call.call, outcome, { startMs: call.startMs, endMs: clockMs() });
  }

  #end(call: number, result: number, { startMs, endMs }: Times): void {
    this.#tell({ kind: 'returned', at: endMs, thread: threadId, call, tookMs: endMs - startMs, result });
  }

  #tellSocket(fd: number, isPlaced: boolean): void {
    try {
      const inode = fstatSync(fd).ino;
      const port = isPlaced ? portOf(fd) : undefined;
      this.#tell({ kind: 'socket', thread: threadId, fd, inode, ...(port !== undefined && { port }) });
    } catch {
      // Another thread has closed it meanwhile.
    }
  }

  #tell(line: RecordLine): void {
    try {
      writeSync(this.#to, `${JSON.stringify(line)}\n`); // at once: the next call may block this thread
    } catch {
      // Nobody reads it any more: the script goes on.
    }
  }
}

const to = targetFd(process.env[RECORD_TO]);
if (to !== undefined) {
  if (isMainThread) endWithParent(process.ppid);
  const agent = new Agent(to);
  observeFromOutside((name, args, make, natives) => agent.observe(name, args, make, natives));
}
