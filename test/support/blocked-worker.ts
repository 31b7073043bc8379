/**
 * A worker that waits, for tests that terminate it: `workerData.wait` says where. It says 'ready' just before. All
 * descriptors are its own; what a terminated worker leaves open is closed by who terminates it: it tells them first.
 */
import * as s from 'bsd-sockets';
import { parentPort, workerData } from 'node:worker_threads';

const own: number[] = [];
const keep = (fd: number): number => {
  own.push(fd);
  return fd;
};
const pair = (): number => s.socketpair(s.AF_UNIX, s.SOCK_STREAM).map(keep)[0] as number;

function listener(): number {
  const fd = keep(s.socket(s.AF_INET, s.SOCK_STREAM));
  s.bind(fd, { family: 'IPv4', address: '127.0.0.1', port: 0 });
  s.listen(fd);
  return fd;
}

/** A connection that is never accepted, since the listener's queue is full. */
function connecting(): () => void {
  const path = `\0bsd-sockets-workers-${String(process.pid)}-${String(own[0])}-${String(Math.random())}`;
  const full = keep(s.socket(s.AF_UNIX, s.SOCK_STREAM));
  s.bind(full, { family: 'Unix', path });
  s.listen(full, 0);
  s.connect(keep(s.socket(s.AF_UNIX, s.SOCK_STREAM)), { family: 'Unix', path });
  const last = keep(s.socket(s.AF_UNIX, s.SOCK_STREAM));
  return () => s.connect(last, { family: 'Unix', path });
}

function looping(): () => void {
  const [a, b] = [pair(), own.at(-1) as number];
  const bytes = Buffer.alloc(1);
  return () => {
    for (;;) {
      s.send(a, bytes);
      s.recv(b, bytes);
    }
  };
}

function sending(): () => void {
  const fd = pair();
  const bytes = Buffer.alloc(65_536);
  return () => {
    for (;;) s.send(fd, bytes);
  };
}

function receiving(call: (fd: number) => unknown): () => void {
  const fd = pair();
  return () => void call(fd);
}

const buffer = Buffer.alloc(1);
/** Makes the descriptors of each wait, and returns the wait. */
const WAITS: Record<string, () => () => void> = {
  accept: () => {
    const fd = listener();
    return () => void s.accept(fd);
  },
  recv: () => receiving((fd) => s.recv(fd, buffer)),
  recvfrom: () => receiving((fd) => s.recvfrom(fd, buffer)),
  recvmsg: () => receiving((fd) => s.recvmsg(fd, [buffer])),
  recvmmsg: () => receiving((fd) => s.recvmmsg(fd, [buffer])),
  poll: () => receiving((fd) => s.poll([{ fd, events: s.POLLIN }], -1)),
  connect: connecting,
  send: sending,
  loop: looping,
};

const wait = WAITS[(workerData as { wait: string }).wait]?.();
parentPort?.postMessage(own);
wait?.();
