/** Options for a server or a dgram socket of Node's that has no descriptor yet: it gets one of ours, with them set. */
import type * as dgram from 'node:dgram';
import * as net from 'node:net';
import { constants } from 'node:os';
import {
  AF_INET,
  AF_INET6,
  bind,
  close,
  if_nametoindex,
  IPPROTO_IPV6,
  IPV6_V6ONLY,
  setsockopt,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_DGRAM,
  SOCK_STREAM,
  socket,
  SocketError,
  SOL_SOCKET,
  type OptionValue,
} from '../index.js';
import { asInt, asPlainBytes, invalidType } from '../validate.js';
import { dgramHandle, netHandle, openDgram } from './handle.js';

/** An option to be set. */
type Value = number | boolean | string | NodeJS.ArrayBufferView;

export interface Option {
  level: number;
  option: number;
  value: Value;
}

/** The flags of libuv's bind: UV_TCP_IPV6ONLY and UV_UDP_IPV6ONLY, UV_TCP_REUSEPORT; UV_UDP_REUSEADDR, UV_UDP_REUSEPORT. */
const V6ONLY = 1;
const TCP_REUSEPORT = 2;
const UDP_REUSEADDR = 4;
const UDP_REUSEPORT = 8;

const kept = new WeakMap<net.Server | dgram.Socket, Option[]>();

/** What `Server.listen` calls when it knows the address: documented nowhere, and the same since Node 0.x. */
type ListenNow = (
  this: net.Server,
  address: string | null,
  port: number | null,
  addressType: number | null,
  backlog: number,
  fd?: number,
  flags?: number,
) => void;

/** Keeps an option until there is a descriptor. */
export function setBeforeBind(target: net.Server | dgram.Socket, { level, option, value }: Option): void {
  const options = kept.get(target) ?? [];
  options.push({ level, option, value: copied(value) });
  if (kept.has(target)) return;
  kept.set(target, options);
  if (target instanceof net.Server) hookServer(target, options);
  else hookDgram(target, options);
}

function copied(value: unknown): Value {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return asInt(value, 'value');
  if (ArrayBuffer.isView(value)) return Buffer.from(asPlainBytes(value, 'value'));
  throw invalidType(
    'value',
    'of type number, boolean or string, or an instance of Buffer, TypedArray, or DataView',
    value,
  );
}

function hookServer(server: net.Server, options: readonly Option[]): void {
  const own = server as unknown as { _listen2: ListenNow };
  const listenNow = own._listen2;
  own._listen2 = function (address, port, addressType, backlog, fd, flags = 0) {
    try {
      const needsOne = netHandle(server) === undefined && typeof fd !== 'number' && addressType !== -1;
      if (needsOne) {
        const made = boundSocket(address, Number(port), addressType === 6, flags, options);
        listenNow.call(server, null, null, null, backlog, made);
        return;
      }
      listenNow.call(server, address, port, addressType, backlog, fd, flags);
      const handle = netHandle(server);
      if (handle !== undefined) setAll(handle.fd ?? -1, options);
    } catch (error) {
      process.nextTick(() => server.emit('error', error));
    }
  };
}

/** A bound TCP socket, as libuv makes it but for the options. */
function boundSocket(
  address: string | null,
  port: number,
  isV6: boolean,
  flags: number,
  options: readonly Option[],
): number {
  if (address !== null) return boundTo(address, port, isV6, flags, options);
  try {
    return boundTo('::', port, true, flags, options);
  } catch {
    return boundTo('0.0.0.0', port, false, flags, options); // as Node does
  }
}

function boundTo(address: string, port: number, isV6: boolean, flags: number, options: readonly Option[]): number {
  return made(isV6, SOCK_STREAM, (fd) => {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
    if ((flags & TCP_REUSEPORT) !== 0) setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, true);
    if (isV6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, (flags & V6ONLY) !== 0);
    setAll(fd, options);
    bindIp(fd, address, port, isV6);
  });
}

function hookDgram(target: dgram.Socket, options: readonly Option[]): void {
  const handle = dgramHandle(target);
  if (handle === undefined) return;
  const isV6 = (target as unknown as { type: string }).type === 'udp6';
  handle.bind = (address, port, flags): number => {
    try {
      const fd = made(isV6, SOCK_DGRAM, (made) => {
        const reuse = (flags & UDP_REUSEADDR) !== 0;
        if (reuse) setsockopt(made, SOL_SOCKET, SO_REUSEADDR, true);
        if ((flags & UDP_REUSEPORT) !== 0) setsockopt(made, SOL_SOCKET, SO_REUSEPORT, true);
        if (isV6) setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, (flags & V6ONLY) !== 0);
        setAll(made, options);
        bindIp(made, address, port, isV6);
      });
      return openDgram(handle, fd);
    } catch (error) {
      return error instanceof SocketError ? error.errno : -constants.errno.EINVAL;
    }
  };
}

/** A socket of IP, which is closed where it cannot be prepared. */
function made(isV6: boolean, type: number, prepare: (fd: number) => void): number {
  const fd = socket(isV6 ? AF_INET6 : AF_INET, type);
  try {
    prepare(fd);
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

function bindIp(fd: number, address: string, port: number, isV6: boolean): void {
  const [ip = '', zone] = address.split('%');
  const scope = zone === undefined ? {} : { scopeid: Number(zone) || if_nametoindex(zone) };
  bind(fd, isV6 ? { family: 'IPv6', address: ip, port, ...scope } : { family: 'IPv4', address, port });
}

function setAll(fd: number, options: readonly Option[]): void {
  for (const { level, option, value } of options) setsockopt(fd, level, option, value as OptionValue<number>);
}
