/**
 * The addon: found, loaded and typed here, and nowhere else.
 *
 * Every native function takes ints, bytes and strings, makes one system call and returns its
 * result or -errno. What C returns through a pointer is in {@link reply} until the next call.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Field, Layout } from './layout.js';

export type { Field, Layout, StructLayout } from './layout.js';

declare const resultBrand: unique symbol;

/** What a system call returned: its result, or -errno. Only `check` and `isError` read it. */
export interface Result {
  readonly [resultBrand]: true;
}

/** The addon's exports. */
export interface Native {
  setListensTo(listensTo: (signum: number) => boolean): Result;
  socket(domain: number, type: number, protocol: number): Result;
  socketpair(domain: number, type: number, protocol: number): Result;
  shutdown(fd: number, how: number): Result;
  close(fd: number): Result;
  bind(fd: number, sockaddr: Uint8Array): Result;
  connect(fd: number, sockaddr: Uint8Array): Result;
  getsockname(fd: number): Result;
  getpeername(fd: number): Result;
  listen(fd: number, backlog: number): Result;
  accept(fd: number, flags: number): Result;
  recv(fd: number, bytes: Uint8Array, flags: number): Result;
  send(fd: number, bytes: Uint8Array, flags: number): Result;
  recvfrom(fd: number, bytes: Uint8Array, flags: number): Result;
  sendto(fd: number, bytes: Uint8Array, flags: number, sockaddr: Uint8Array): Result;
  recvmsg(fd: number, flags: number, control: Uint8Array, ...buffers: Uint8Array[]): Result;
  sendmsg(
    fd: number,
    flags: number,
    control: Uint8Array | undefined,
    sockaddr: Uint8Array | undefined,
    ...buffers: Uint8Array[]
  ): Result;
  recvmmsg?: (
    fd: number,
    flags: number,
    results: Uint8Array,
    addresses: Uint8Array,
    ...buffers: Uint8Array[]
  ) => Result;
  sendmmsg?: (fd: number, flags: number, counts: Uint8Array, ...messages: (Uint8Array | undefined)[]) => Result;
  poll(fds: Uint8Array, timeoutMs: number): Result;
  recvNow(fd: number, bytes: Uint8Array): Result;
  sendNow(fd: number, bytes: Uint8Array): Result;
  recvfromNow(fd: number, bytes: Uint8Array): Result;
  sendtoNow(fd: number, bytes: Uint8Array, sockaddr: Uint8Array): Result;
  recvMany(transfers: Uint8Array, ...buffers: Uint8Array[]): Result;
  sendMany(transfers: Uint8Array, ...buffers: Uint8Array[]): Result;
  openUring(): Result;
  readonly batchSize: number;
  acceptNow(fd: number): Result;
  connectNow(fd: number, sockaddr: Uint8Array): Result;
  closeNow(fd: number): Result;
  closeInBackground(fd: number): Result;
  openPoller(view: ArrayBuffer, onReady: () => void): Result;
  setPollerTable(states: Uint8Array): Result;
  pollerAdd(fd: number): Result;
  pollerRemove(fd: number): Result;
  keepPollerAlive(): Result;
  readonly pollerViewSize: number;
  fcntl(fd: number, command: number, argument: number): Result;
  pidfd_open?: (pid: number, flags: number) => Result;
  pidfd_getfd?: (pidfd: number, fd: number, flags: number) => Result;
  attachFilter?: (fd: number, option: number, instructions: Uint8Array) => Result;
  getsockoptInt(fd: number, level: number, option: number): Result;
  getsockopt(fd: number, level: number, option: number, bytes: Uint8Array): Result;
  setsockoptInt(fd: number, level: number, option: number, value: number): Result;
  setsockopt(fd: number, level: number, option: number, bytes: Uint8Array): Result;
  inet_pton(family: number, text: string, bytes: Uint8Array): Result;
  inet_ntop(family: number, bytes: Uint8Array, text: Uint8Array): Result;
  if_nametoindex(name: string): Result;
  if_indextoname(index: number, text: Uint8Array): Result;
  strerror(errno: number): string;
  readonly constants: Readonly<Record<string, number>>;
  /** Of two names of one number the usual one is first. */
  readonly errnos: Readonly<Record<string, number>>;
  readonly layout: Layout;
  readonly reply: ArrayBuffer;
}

function load(): Native {
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw loadError(
      `bsd-sockets runs on Linux and macOS. ${process.platform} has no BSD socket descriptors: use it in WSL or in a container.`,
      'ERR_UNSUPPORTED_PLATFORM',
    );
  }
  const require = createRequire(import.meta.url);
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  try {
    const find = require('node-gyp-build') as (folder: string) => Native;
    return find(root);
  } catch (cause) {
    const build = `node ${join(root, 'native', 'build.mjs')}`;
    throw loadError(
      `bsd-sockets: its addon is not built for ${process.platform}-${process.arch} (Node ${process.version}).\n` +
        `Build it with this one command (python3, make and a C++ compiler are needed):\n\n    ${build}\n`,
      'ERR_DLOPEN_FAILED',
      cause,
    );
  }
}

function loadError(message: string, code: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

/** The addon. A copy of its exports, whose properties V8 keeps as fields: Node-API's own object is a hash table. */
export const native: Native = { ...load() };

const { Reply } = native.layout;
const replyInts = new Int32Array(native.reply);
const replyInt =
  ([offset]: Field): (() => number) =>
  () =>
    replyInts[offset / Int32Array.BYTES_PER_ELEMENT] as number;

/** What the last native call returned through a pointer. */
export const reply = {
  /** The bytes of the socket address; `addressLength()` tells how many of them count. */
  address: new Uint8Array(native.reply, Reply.address[0], Reply.address[1]),
  /** How long the kernel says the address is, in bytes: it may be more than there was room for. */
  addressLength: replyInt(Reply.length),
  /** An int: an option's value, or the second descriptor of a pair. */
  value: replyInt(Reply.value),
  /** The flags of a received message. */
  flags: replyInt(Reply.flags),
  /** The length of a received message's control data, in bytes. */
  controlLength: replyInt(Reply.controlLength),
};
