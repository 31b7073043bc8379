/**
 * The addon: found, loaded and typed here, and nowhere else.
 *
 * Every native function takes ints, bytes and strings, makes one system call and returns its
 * result or -errno. What C returns through a pointer is in {@link reply} until the next call.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { observedFromOutside } from './observer.js';
import { HERE, packageRoot } from './root.js';
import type { Field, Layout } from './layout.js';

export type { Field, Layout, StructLayout } from './layout.js';

const ADDON = 'bsd_sockets.node';

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
  // What the promise layer calls: native/wait/. None of them waits.
  recvNow(fd: number, bytes: Uint8Array, length: number, flags: number): Result;
  sendNow(fd: number, bytes: Uint8Array, length: number, flags: number): Result;
  recvfromNow(fd: number, bytes: Uint8Array, length: number, flags: number): Result;
  sendtoNow(fd: number, bytes: Uint8Array, length: number, flags: number, sockaddr: Uint8Array): Result;
  recvMany(count: number, entries: Uint8Array, ...buffers: Uint8Array[]): Result;
  sendMany(count: number, entries: Uint8Array, ...buffers: Uint8Array[]): Result;
  readonly batch: { readonly most: number; readonly DETACHED: number };
  openUring(): Result;
  connectNow(fd: number, sockaddr: Uint8Array): Result;
  ownSocket(domain: number, type: number, protocol: number, drains: number): Result;
  ownPair(domain: number, type: number, protocol: number): Result;
  ownAccepted(listener: number): Result;
  own(fd: number, drains: number): Result;
  disown(fd: number): Result;
  closeOwn(fd: number): Result;
  openPoller(view: ArrayBuffer, states: ArrayBuffer, onReady: () => void): Result;
  pollerRegister(fd: number): Result;
  keepPollerAlive(): Result;
  /** The bits of a descriptor's state and the ints of the poller's view: native/wait/readiness.h, poller.h. */
  readonly readiness: Readonly<
    Record<
      | 'READABLE'
      | 'WRITABLE'
      | 'URGENT'
      | 'ERRORS'
      | 'ANY'
      | 'ENDED'
      | 'DRAINS'
      | 'OWNED'
      | 'REGISTERED'
      | 'WAIT_SHIFT'
      | 'descriptors'
      | 'viewSize'
      | 'pending'
      | 'referenced'
      | 'start'
      | 'end'
      | 'ready',
      number
    >
  >;
  fcntl(fd: number, command: number, argument: number): Result;
  ioctl(fd: number, request: number, bytes: Uint8Array): Result;
  pidfd_open?: (pid: number, flags: number) => Result;
  pidfd_getfd?: (pidfd: number, fd: number, flags: number) => Result;
  pidfd_send_signal?: (pidfd: number, signal: number) => Result;
  setParentDeathSignal?: (signal: number) => Result;
  attachFilter?: (fd: number, option: number, instructions: Uint8Array) => Result;
  getsockoptInt(fd: number, level: number, option: number): Result;
  getsockopt(fd: number, level: number, option: number, bytes: Uint8Array): Result;
  setsockoptInt(fd: number, level: number, option: number, value: number): Result;
  setsockopt(fd: number, level: number, option: number, bytes: Uint8Array): Result;
  inet_pton(family: number, text: string, bytes: Uint8Array): Result;
  inet_ntop(family: number, bytes: Uint8Array, text: Uint8Array): Result;
  inet_aton(text: string, bytes: Uint8Array): Result;
  if_nametoindex(name: string): Result;
  if_indextoname(index: number, text: Uint8Array): Result;
  if_nameindex(bytes: Uint8Array): Result;
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
  const require = createRequire(HERE);
  const root = packageRoot();
  const causes: unknown[] = [];
  for (const file of root === undefined ? [] : addonFiles(root)) {
    if (!existsSync(file)) continue;
    try {
      return require(file) as Native;
    } catch (cause) {
      causes.push(cause); // a library that is not the one it was made for, as musl's is not glibc
    }
  }
  throw loadError(notLoaded(root, causes), 'ERR_DLOPEN_FAILED', causes[0]);
}

/** Where the addon can be: built here, or published with the package. */
function addonFiles(root: string): string[] {
  const prebuilt = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  return [
    join(process.env['BSD_SOCKETS_PREBUILD'] ?? root, 'build', 'Release', ADDON),
    join(prebuilt, ADDON),
    join(`${prebuilt}-musl`, ADDON), // the one for glibc does not load there
  ];
}

function notLoaded(root: string | undefined, causes: readonly unknown[]): string {
  const system = `${process.platform}-${process.arch} (Node ${process.version})`;
  if (root === undefined) {
    return (
      `bsd-sockets: its addon cannot be found from ${HERE}: a bundle has no place for it.\n` +
      "Keep the package in node_modules beside the bundle: `--external:bsd-sockets`, or your bundler's word for it."
    );
  }
  const why = causes.map((cause) => `${(cause as Error).message}\n`).join('');
  return (
    `bsd-sockets: its addon is not built for ${system}.\n${why}` +
    `Build it with this one command (a C++17 compiler is needed: g++ or clang++; on Alpine linux-headers too):\n\n    node ${join(root, 'native', 'build.mjs')}\n`
  );
}

function loadError(message: string, code: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

/** The addon. A copy of its exports, whose properties V8 keeps as fields: Node-API's own object is a hash table. */
export const native: Native = observedFromOutside({ ...load() });

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
