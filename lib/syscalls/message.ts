/** recvmsg(2), sendmsg(2), recvmmsg(2), sendmmsg(2) */
import { decodeControl, encodeControl, type ControlMessage, type ControlMessageToSend } from '../control.js';
import { check, onLinux } from '../errors.js';
import { native, reply, type Result } from '../native.js';
import { decodeAddress, encodeAddress } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { asBytes, asFd, asInt, asList, asObject, firstItems, integer, outOfRange } from '../validate.js';

/** More control data than the kernel ever sends. */
export const LONGEST_CONTROL = 2 ** 20;
/** As many buffers or messages as the kernel takes in one call: UIO_MAXIOV. */
const MOST = 1024;
const NOTHING = new Uint8Array(0);
const addressSize = native.layout.Reply.address[1];

/** What {@link recvmsg} shall do. */
export interface RecvmsgOptions {
  /** Room for control messages, in bytes: 0 (the default) takes none. `controlSpace` counts it. */
  controlLength?: number;
  /** `MSG_PEEK`, `MSG_DONTWAIT`, `MSG_ERRQUEUE` …, or-ed. */
  flags?: number;
}

/** A message that {@link recvmsg} received. */
export interface ReceivedMessage {
  /** How many bytes were received, over all buffers. With `MSG_TRUNC` a datagram's real length. */
  bytesRead: number;
  /** The sender; null where the kernel names none. */
  address: SocketAddress | null;
  /** The control messages. Descriptors in them (`fds`) are close-on-exec and yours to close. */
  control: ControlMessage[];
  /** `MSG_TRUNC`: the datagram was cut. `MSG_CTRUNC`: control data was cut, and descriptors in it are gone. `MSG_EOR` … */
  flags: number;
}

/** A message for {@link sendmsg}. */
export interface MessageToSend {
  /** Its bytes, gathered from several buffers. */
  buffers: readonly NodeJS.ArrayBufferView[];
  /** Control messages: descriptors to pass, the source address … */
  control?: readonly ControlMessageToSend[];
  /** Where to; a connected socket needs none. */
  address?: SocketAddress;
  /** `MSG_DONTWAIT`, `MSG_EOR` …, or-ed. */
  flags?: number;
}

/** The buffers of a message, each looked up once. */
export function asBuffers(buffers: unknown, name: string): Uint8Array[] {
  // The kernel refuses more than MOST: one more is enough to let it say so.
  const views = firstItems(buffers, name, MOST + 1);
  for (let i = 0; i < views.length; i++) views[i] = asBytes(views[i], name, i); // a plain loop: a hot path
  return views as Uint8Array[];
}

/**
 * Receives a message into several buffers, with its control messages: `recvmsg(2)`. **It blocks the event loop**
 * as `recv` does.
 *
 * @param fd - a socket; it stays yours
 * @param buffers - filled one after the other
 * @throws SocketError as `recv`, and EMSGSIZE (more than 1024 buffers)
 * @example
 * const { control } = recvmsg(fd, [buffer], { controlLength: controlSpace(4) })
 * const passed = control.flatMap((message) => message.fds ?? [])
 */
export function recvmsg(
  fd: number,
  buffers: readonly NodeJS.ArrayBufferView[],
  options: RecvmsgOptions = {},
): ReceivedMessage {
  const { controlLength = 0, flags = 0 } = asObject(options, 'options') as RecvmsgOptions;
  const room = integer(controlLength, 'options.controlLength', 0, LONGEST_CONTROL);
  const views = asBuffers(buffers, 'buffers');
  const control = room === 0 ? NOTHING : new Uint8Array(room);
  const socketFd = asFd(fd);
  const messageFlags = asInt(flags, 'options.flags');
  const [first, second] = views as [Uint8Array, Uint8Array];
  let result: Result;
  // One or two are what most messages have: without a spread they take a fifth less time.
  if (views.length === 1) result = native.recvmsg(socketFd, messageFlags, control, first);
  else if (views.length === 2) result = native.recvmsg(socketFd, messageFlags, control, first, second);
  else result = native.recvmsg(socketFd, messageFlags, control, ...views);
  const bytesRead = check(result, 'recvmsg');
  return {
    bytesRead,
    address: decodeAddress(reply.address, reply.addressLength()),
    control: decodeControl(control.subarray(0, reply.controlLength())),
    flags: reply.flags(),
  };
}

/**
 * Sends a message gathered from several buffers, with control messages: `sendmsg(2)`. **It blocks the event loop**
 * as `send` does.
 *
 * @param fd - a socket; it stays yours, and so do descriptors that are passed
 * @returns how many bytes were sent
 * @throws SocketError as `send` and `sendto`; EMSGSIZE (more than 1024 buffers), EBADF (a passed descriptor is
 * closed), EINVAL (bad control data), EPERM, ESRCH, ETOOMANYREFS
 */
export function sendmsg(fd: number, message: MessageToSend): number {
  const outgoing = readMessage(message);
  return check(sendMessage(asFd(fd), outgoing, outgoing.flags), 'sendmsg', outgoing.address);
}

/** A message that was read: each part of it once. */
export interface OutgoingMessage {
  buffers: Uint8Array[];
  control: Uint8Array;
  address: SocketAddress | undefined;
  sockaddr: Uint8Array | undefined;
  flags: number;
}

/** Checks a message and encodes it. */
export function readMessage(message: MessageToSend): OutgoingMessage {
  const given = asObject(message, 'message');
  const { control, address, flags = 0 } = given as Partial<MessageToSend>;
  return {
    sockaddr: address === undefined ? undefined : encodeAddress(address),
    control: control === undefined ? NOTHING : encodeControl(control),
    buffers: asBuffers(given['buffers'], 'message.buffers'),
    flags: asInt(flags, 'message.flags'),
    address,
  };
}

/** Sends a message that was read; its flags are given apart. */
export function sendMessage(fd: number, { buffers, control, sockaddr }: OutgoingMessage, flags: number): Result {
  const [first, second] = buffers as [Uint8Array, Uint8Array];
  if (buffers.length === 1) return native.sendmsg(fd, flags, control, sockaddr, first);
  if (buffers.length === 2) return native.sendmsg(fd, flags, control, sockaddr, first, second);
  return native.sendmsg(fd, flags, control, sockaddr, ...buffers);
}

/** A datagram that {@link recvmmsg} received. */
export interface ReceivedDatagram {
  /** How many bytes; with `MSG_TRUNC` its real length. */
  bytesRead: number;
  /** The sender; null where the kernel names none. */
  address: SocketAddress | null;
  /** `MSG_TRUNC` where the datagram was cut. */
  flags: number;
}

function bytesOf(ints: Int32Array): Uint8Array {
  return new Uint8Array(ints.buffer);
}

/** Where recvmmsg(2) writes beside the buffers, kept from call to call: making it costs more than a datagram. */
class Replies {
  /** Three ints a datagram: its length, its flags, the length of its address. */
  readonly ints: Int32Array;
  readonly bytes: Uint8Array;
  readonly addresses: Uint8Array;
  /** The part of `addresses` that is each datagram's. */
  readonly address: readonly Uint8Array[];

  constructor(room: number) {
    this.ints = new Int32Array(3 * room);
    this.bytes = bytesOf(this.ints);
    this.addresses = new Uint8Array(room * addressSize);
    this.address = Array.from({ length: room }, (_, i) =>
      this.addresses.subarray(i * addressSize, (i + 1) * addressSize),
    );
  }

  datagram(i: number): ReceivedDatagram {
    const address = decodeAddress(this.address[i] as Uint8Array, this.ints[3 * i + 2] as number);
    return { bytesRead: this.ints[3 * i] as number, address, flags: this.ints[3 * i + 1] as number };
  }
}

let replies = new Replies(0);

/**
 * Receives many datagrams in one call: `recvmmsg(2)`, Linux. **It blocks the event loop** until all buffers are
 * filled; with `MSG_WAITFORONE` until there is one, with `MSG_DONTWAIT` not at all.
 *
 * @param fd - a datagram socket; it stays yours
 * @param buffers - one for each datagram, 1024 at most
 * @param flags - `MSG_WAITFORONE`, `MSG_DONTWAIT`, `MSG_TRUNC` …, or-ed
 * @returns what was received, in order: the first into the first buffer …
 * @throws SocketError as `recv`; ENOSYS on other systems than Linux
 */
export function recvmmsg(fd: number, buffers: readonly NodeJS.ArrayBufferView[], flags = 0): ReceivedDatagram[] {
  const receive = onLinux(native.recvmmsg, 'recvmmsg');
  // Of more than MOST the kernel would only take the first.
  const views = asBuffers(asList(buffers, 'buffers', MOST), 'buffers');
  if (replies.address.length < views.length) replies = new Replies(views.length);
  const result = receive(asFd(fd), asInt(flags, 'flags'), replies.bytes, replies.addresses, ...views);
  const count = check(result, 'recvmmsg');
  const datagrams: ReceivedDatagram[] = [];
  for (let i = 0; i < count; i++) datagrams.push(replies.datagram(i));
  return datagrams;
}

/** A datagram for {@link sendmmsg}. */
export interface DatagramToSend {
  /** Its bytes, gathered from several buffers. */
  buffers: readonly NodeJS.ArrayBufferView[];
  /** Where to; a connected socket needs none. */
  address?: SocketAddress;
}

/**
 * Sends many datagrams in one call: `sendmmsg(2)`, Linux. **It blocks the event loop** as `send` does.
 *
 * @param fd - a datagram socket; it stays yours
 * @param messages - 1024 at most
 * @param flags - `MSG_DONTWAIT` …, or-ed, for all of them
 * @returns how many were sent: fewer than there are where one failed, whose error the next call tells
 * @throws SocketError as `sendto`, where the first one failed; ENOSYS on other systems than Linux
 */
export function sendmmsg(fd: number, messages: readonly DatagramToSend[], flags = 0): number {
  const send = onLinux(native.sendmmsg, 'sendmmsg');
  const list = asList(messages, 'messages', MOST);
  const counts = new Int32Array(list.length);
  let first: SocketAddress | undefined;
  const parts = list.flatMap((message, index): (Uint8Array | undefined)[] => {
    const name = `messages[${String(index)}]`;
    const { buffers, address } = asObject(message, name);
    const views = asBuffers(buffers, `${name}.buffers`);
    counts[index] = views.length;
    if (index === 0) first = address as SocketAddress | undefined;
    return [address === undefined ? undefined : encodeAddress(address as SocketAddress), ...views];
  });
  if (parts.length > 16 * MOST) throw outOfRange('messages', `at most ${String(15 * MOST)} buffers`, parts.length);
  const result: Result = send(asFd(fd), asInt(flags, 'flags'), bytesOf(counts), ...parts);
  return check(result, 'sendmmsg', first);
}
