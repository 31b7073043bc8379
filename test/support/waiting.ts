/** Calls that wait for ever, for scripts and, run as a worker, for the thread that starts it. */
import * as s from 'bsd-sockets';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** A listener on a free port that nobody connects to. */
export const fd = s.socket(s.AF_INET, s.SOCK_STREAM);
s.bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
s.listen(fd);

function sendForEver(): void {
  const [a] = s.socketpair(s.AF_UNIX, s.SOCK_STREAM);
  for (;;) s.send(a, Buffer.alloc(65536));
}

function connectForEver(): void {
  const address = {
    family: 'Unix',
    path: `\0bsd-sockets-test-${String(process.pid)}-${String(Math.random())}`,
  } as const;
  const full = s.socket(s.AF_UNIX, s.SOCK_STREAM);
  s.bind(full, address);
  s.listen(full, 0);
  for (;;) s.connect(s.socket(s.AF_UNIX, s.SOCK_STREAM), address);
}

export const waiting = {
  accept: () => s.accept(fd),
  recv: () => s.recv(s.socketpair(s.AF_UNIX, s.SOCK_STREAM)[0], Buffer.alloc(1)),
  send: sendForEver,
  connect: connectForEver,
};

/** What the worker shall do, and on which socket. */
interface Task {
  wait: keyof typeof waiting | 'transfer';
  timeoutMs?: number;
  fd?: number;
}

/** The code of the error that `call` throws, or what it returns. */
export function said(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** Limits the waits on `socket`. */
export function limit(socket: number, timeoutMs: number): void {
  s.setsockopt(socket, s.SOL_SOCKET, s.SO_RCVTIMEO, s.timeval.encode(timeoutMs));
}

/** Receives ten bytes in one call and sends four million in one: says what each call did. */
function transfer(socket: number): void {
  const buffer = Buffer.alloc(10);
  const length = s.recv(socket, buffer, s.MSG_WAITALL);
  parentPort?.postMessage(buffer.toString('latin1', 0, length));
  parentPort?.postMessage(s.send(socket, Buffer.alloc(4_000_000)));
}

if (!isMainThread && parentPort !== null) {
  const { wait, timeoutMs = 0, fd: given = fd } = workerData as Task;
  parentPort.on('message', () => undefined);
  limit(given, timeoutMs);
  parentPort.postMessage('ready');
  if (wait === 'transfer') transfer(given);
  else parentPort.postMessage(said(wait === 'accept' ? () => s.accept(given).address : waiting[wait]));
}
