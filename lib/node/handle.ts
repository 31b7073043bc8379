/** The descriptors of Node's own sockets and servers. Where they are kept is no public API: test/node holds it to Node 20 to 26. */
import type * as dgram from 'node:dgram';
import * as net from 'node:net';
import {
  close,
  F_DUPFD_CLOEXEC,
  fcntl,
  getsockopt,
  setsockopt,
  SO_REUSEADDR,
  SO_TYPE,
  SOCK_STREAM,
  SOL_SOCKET,
} from '../index.js';
import { asObject, invalidType, invalidValue } from '../validate.js';

/** What the C++ side of a socket or server tells: its descriptor, negative where it has none. */
interface Handle {
  readonly fd?: number;
}

/** The C++ side of a dgram socket. */
export interface DgramHandle extends Handle {
  /** Gives it a descriptor: 0 or -errno. */
  open(fd: number): number;
  /** bind(2): 0 or -errno. */
  bind(address: string, port: number, flags: number): number;
  /** connect(2): 0 or -errno. */
  connect: (address: string, port: number) => number;
}

/** `net.BoundSocket`, which Node 24 and 26 have: bound, neither listening nor connected. */
export interface BoundSocket {
  /** Its descriptor, which stays the object's. */
  fd(): number;
  /** Closes it. */
  close(): void;
}

/** What of Node's has a descriptor. */
export type NodeTarget = net.Socket | net.Server | dgram.Socket | BoundSocket;

const BoundSocketClass = (net as unknown as { BoundSocket?: new () => BoundSocket }).BoundSocket;

/** Is it a `net.BoundSocket`? */
export function isBoundSocket(value: unknown): value is BoundSocket {
  return BoundSocketClass !== undefined && value instanceof BoundSocketClass;
}

/** The C++ side of a dgram socket; undefined where it is none, or closed. */
export function dgramHandle(socket: unknown): DgramHandle | undefined {
  if (typeof socket !== 'object' || socket === null) return undefined;
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const state = symbol && (socket as Record<symbol, { handle?: DgramHandle | null } | undefined>)[symbol];
  return state?.handle ?? undefined;
}

/** The C++ side of a net socket or server; undefined where there is none yet, or no more. */
export function netHandle(target: net.Socket | net.Server): Handle | undefined {
  return (target as unknown as { _handle?: Handle | null })._handle ?? undefined;
}

/** The descriptor of one of Node's own sockets or servers, which stays its. -1 where it has none. */
export function descriptorOf(target: unknown, name = 'target'): number {
  asObject(target, name);
  if (isBoundSocket(target)) return target.fd();
  if (target instanceof net.Socket || target instanceof net.Server) return netHandle(target)?.fd ?? -1;
  if (isDgram(target)) return dgramHandle(target)?.fd ?? -1;
  throw invalidType(name, 'a socket or server of node:net, node:http, node:tls or node:dgram', target);
}

/** Is it a socket of node:dgram? Open or closed. */
export function isDgram(target: unknown): target is dgram.Socket {
  const { getSendQueueCount } = asObject(target, 'socket');
  return typeof getSendQueueCount === 'function';
}

/** As {@link descriptorOf}, where there has to be one. */
export function descriptorNow(target: unknown, name = 'target'): number {
  const fd = descriptorOf(target, name);
  if (fd < 0)
    throw invalidValue(
      name,
      "must have a descriptor: it has none yet, is closed, or node:cluster's primary has it",
      target,
    );
  return fd;
}

/** A second descriptor of the same socket, close-on-exec, which is the caller's to close. */
export function duplicate(fd: number): number {
  return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/** Is it a stream socket? Throws ENOTSOCK and EBADF. */
export function isStream(fd: number): boolean {
  return getsockopt(fd, SOL_SOCKET, SO_TYPE) === SOCK_STREAM;
}

/** Gives the C++ side of a dgram socket a descriptor, which is closed where that fails: 0 or -errno. */
export function openDgram(handle: DgramHandle, fd: number): number {
  const reuse = getsockopt(fd, SOL_SOCKET, SO_REUSEADDR);
  const result = handle.open(fd);
  if (result < 0) close(fd);
  else setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, reuse); // libuv has turned it on
  return result;
}
