/** getsockopt(2), setsockopt(2), getsockname(2) on Node's own sockets and servers. */
import type * as dgram from 'node:dgram';
import * as net from 'node:net';
import * as raw from '../index.js';
import type { IntOption, OptionValue, SocketAddress } from '../index.js';
import { asInt } from '../validate.js';
import { setBeforeBind } from './before-bind.js';
import { descriptorNow, descriptorOf, dgramHandle, isDgram, type NodeTarget } from './handle.js';

/**
 * An int option of one of Node's sockets or servers: `getsockopt(2)`.
 *
 * @param target - a socket or server of node:net, http, https, http2, tls or dgram, or a net.BoundSocket; it stays Node's
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_RCVBUF`, `TCP_NODELAY` …
 * @returns the int, in the option's unit
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (no descriptor: not yet, or no more);
 * SocketError ENOPROTOOPT, EINVAL, EOPNOTSUPP
 * @example
 * tcp_info.decode(getsockopt(request.socket, IPPROTO_TCP, TCP_INFO, tcp_info.size)).rtt
 */
export function getsockopt<Option extends number>(target: NodeTarget, level: number, option: IntOption<Option>): number;
/**
 * The bytes of an option that is no int: `getsockopt(2)`.
 *
 * @param length - how many bytes to make room for, 0 to 1,048,576
 * @returns the bytes that the kernel wrote, which may be fewer
 */
export function getsockopt(target: NodeTarget, level: number, option: number, length: number): Buffer;
export function getsockopt(target: NodeTarget, level: number, option: number, length?: number): number | Buffer {
  const fd = descriptorNow(target);
  return length === undefined ? raw.getsockopt(fd, level, option) : raw.getsockopt(fd, level, option, length);
}

/**
 * Sets an option of one of Node's sockets or servers: `setsockopt(2)`.
 *
 * A net server that does not listen yet, and a dgram socket that is not bound yet, have no descriptor: the option is kept,
 * and set between `socket(2)` and `bind(2)` each time they get one; what the kernel refuses then is emitted as 'error'.
 * So `SO_REUSEADDR`, which Node turns on for servers, can be off. (A server on a unix path gets it right after `listen(2)`.)
 *
 * @param target - a socket or server of node:net, http, https, http2, tls or dgram, or a net.BoundSocket; it stays Node's
 * @param level - `SOL_SOCKET`, `IPPROTO_TCP` …
 * @param option - `SO_REUSEADDR`, `TCP_USER_TIMEOUT` …
 * @param value - an int, true for 1, false for 0, or the bytes of a struct, which are copied
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (a connection without descriptor: not connected, or closed);
 * SocketError ENOPROTOOPT, EINVAL, EDOM, EPERM, EACCES, EOPNOTSUPP, ENODEV
 * @example
 * const server = http.createServer(answer)
 * setsockopt(server, SOL_SOCKET, SO_REUSEADDR, false)
 * server.listen(8080)
 */
export function setsockopt<Option extends number>(
  target: NodeTarget,
  level: number,
  option: Option,
  value: OptionValue<Option>,
): void {
  const fd = descriptorOf(target);
  if (fd < 0 && mayGetOne(target))
    setBeforeBind(target, { level: asInt(level, 'level'), option: asInt(option, 'option'), value });
  else raw.setsockopt(fd < 0 ? descriptorNow(target) : fd, level, option, value);
}

/**
 * The own address of one of Node's sockets or servers: `getsockname(2)`.
 *
 * @param target - a socket or server of node:net, http, https, http2, tls or dgram, or a net.BoundSocket; it stays Node's
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE (no descriptor: not yet, or no more)
 */
export function getsockname(target: NodeTarget): SocketAddress {
  return raw.getsockname(descriptorNow(target));
}

/** Does it get a descriptor by being bound? */
function mayGetOne(target: NodeTarget): target is net.Server | dgram.Socket {
  return target instanceof net.Server || (isDgram(target) && dgramHandle(target) !== undefined);
}
