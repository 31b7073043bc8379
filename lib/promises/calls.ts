/** The system calls that wait, as operations. */
import { constants } from 'node:os';
import { MSG_DONTWAIT, MSG_TRUNC, SO_ERROR, SOL_SOCKET } from '../constants.js';
import { encodeAddress, decodeName } from '../sockaddr.js';
import type { SocketAddress } from '../socket-address.js';
import { native, reply, type Result } from '../native.js';
import {
  asBuffers,
  LONGEST_CONTROL,
  readMessage,
  recvmsg,
  sendMessage,
  type MessageToSend,
  type OutgoingMessage,
  type ReceivedMessage,
} from '../syscalls/message.js';
import type { Received } from '../syscalls/transfer.js';
import { integer, invalidValue } from '../validate.js';
import { lend, take } from './lent-buffer.js';
import { CountOperation, errnoThrownBy, GO_ON_LATER, MUST_WAIT, Operation } from './operation.js';
import { sender, sockaddrOf } from './peers.js';
import { READABLE, setDrained, WRITABLE } from './readiness.js';
import { whenDescriptorIsFree } from './starvation.js';

const { EINPROGRESS, EAGAIN, EMFILE, ENFILE, ENOTCONN } = constants.errno;

/** The result, or -errno, as a number. */
const numberOf = (result: Result): number => result as unknown as number;

/** The bytes that were given, once more: the caller may have transferred them away, or made them fewer, meanwhile. */
function still(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length || bytes.length > 0) return bytes;
  throw invalidValue('buffer', 'must not be detached while a call waits', bytes);
}

/** recv(2) at once: how many bytes, or -errno. TCP that gave less than there was room for is empty now. */
export function recvNow(fd: number, bytes: Uint8Array, flags: number, isTcp: boolean): number {
  if (flags !== 0) return numberOf(native.recv(fd, bytes, flags | MSG_DONTWAIT));
  const result = numberOf(native.recvNow(fd, bytes));
  if (isTcp && result > 0 && result < bytes.length) setDrained(fd);
  return result;
}

/** send(2) at once: how many bytes, or -errno. */
export function sendNow(fd: number, bytes: Uint8Array, flags: number): number {
  return numberOf(flags === 0 ? native.sendNow(fd, bytes) : native.send(fd, bytes, flags | MSG_DONTWAIT));
}

/** recv(2) */
export class Recv extends CountOperation {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;
  readonly #isTcp: boolean;

  constructor(bytes: Uint8Array, flags: number, isTcp: boolean) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
    this.#isTcp = isTcp;
  }

  protected call(fd: number): number {
    return recvNow(fd, still(this.#bytes, this.#length), this.#flags, this.#isTcp);
  }
}

/** send(2) */
export class Send extends CountOperation {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
  }

  protected call(fd: number): number {
    return sendNow(fd, still(this.#bytes, this.#length), this.#flags);
  }
}

/** How many parts one attempt sends: then the other sockets have their turn. */
const MOST_PARTS = 16;

/** send(2), until everything has been sent */
export class SendAll extends CountOperation {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'send';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;
  #sent = 0;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
  }

  protected call(fd: number): number {
    const bytes = this.#bytes;
    if (bytes.length !== this.#length) throw invalidValue('buffer', 'must not change while it is sent', bytes);
    for (let parts = 0; parts < MOST_PARTS; parts++) {
      const result = sendNow(fd, this.#sent === 0 ? bytes : bytes.subarray(this.#sent), this.#flags);
      if (result < 0) return result;
      this.#sent += result;
      if (this.#sent === this.#length) return this.#sent;
    }
    return GO_ON_LATER;
  }
}

/** recvfrom(2) */
export class Recvfrom extends Operation<Received> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;

  constructor(bytes: Uint8Array, flags: number) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
  }

  protected call(fd: number): number {
    const bytes = still(this.#bytes, this.#length);
    return numberOf(native.recvfrom(fd, bytes, this.#flags | MSG_DONTWAIT));
  }

  finish(bytesRead: number): Received {
    return { bytesRead, address: sender() };
  }
}

/** sendto(2) */
export class Sendto extends CountOperation {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendto';
  }
  readonly #bytes: Uint8Array;
  readonly #length: number;
  readonly #flags: number;
  readonly #sockaddr: Uint8Array;
  readonly #address: SocketAddress;

  constructor(bytes: Uint8Array, flags: number, address: SocketAddress) {
    super();
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#flags = flags;
    this.#sockaddr = sockaddrOf(address);
    this.#address = address;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): number {
    const bytes = still(this.#bytes, this.#length);
    return numberOf(native.sendto(fd, bytes, this.#flags | MSG_DONTWAIT, this.#sockaddr));
  }
}

/** recvmsg(2) */
export class Recvmsg extends Operation<ReceivedMessage> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvmsg';
  }
  readonly #buffers: readonly Uint8Array[];
  readonly #controlLength: number;
  readonly #flags: number;
  #message!: ReceivedMessage;

  constructor(buffers: readonly NodeJS.ArrayBufferView[], controlLength: number, flags: number) {
    super();
    this.#buffers = asBuffers(buffers, 'buffers');
    this.#controlLength = integer(controlLength, 'options.controlLength', 0, LONGEST_CONTROL);
    this.#flags = flags;
  }

  protected call(fd: number): number {
    const options = { controlLength: this.#controlLength, flags: this.#flags | MSG_DONTWAIT };
    return errnoThrownBy(() => {
      this.#message = recvmsg(fd, this.#buffers, options);
    });
  }

  finish(): ReceivedMessage {
    return this.#message;
  }
}

/** sendmsg(2) */
export class Sendmsg extends CountOperation {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendmsg';
  }
  readonly #message: OutgoingMessage;

  constructor(message: MessageToSend) {
    super();
    this.#message = readMessage(message);
  }

  override get address(): SocketAddress | undefined {
    return this.#message.address;
  }

  protected call(fd: number): number {
    asBuffers(this.#message.buffers, 'message.buffers'); // the caller may have transferred them away meanwhile
    return numberOf(sendMessage(fd, this.#message, this.#message.flags | MSG_DONTWAIT));
  }
}

/** How soon a connect is repeated, in milliseconds, that found the backlog of a unix listener full: nothing tells. */
const FULL_BACKLOG_MS = 10;

/** connect(2): begins it, and then asks what has become of it. */
export class Connect extends Operation<void> {
  get direction(): typeof WRITABLE {
    return WRITABLE;
  }
  get syscall(): string {
    return 'connect';
  }
  readonly #address: SocketAddress;
  readonly #sockaddr: Uint8Array;
  readonly #again: () => void;
  #begun = false;

  /** @param again - makes what waits try again */
  constructor(address: SocketAddress, again: () => void) {
    super();
    this.#sockaddr = encodeAddress(address);
    this.#address = address;
    this.#again = again;
  }

  override get address(): SocketAddress {
    return this.#address;
  }

  protected call(fd: number): number {
    return this.#begun ? this.#outcome(fd) : this.#begin(fd);
  }

  #begin(fd: number): number {
    const result = numberOf(native.connectNow(fd, this.#sockaddr));
    if (result === -EAGAIN) setTimeout(this.#again, FULL_BACKLOG_MS).unref(); // the waiting call keeps the process alive
    this.#begun = result === -EINPROGRESS;
    return this.#begun ? MUST_WAIT : result;
  }

  #outcome(fd: number): number {
    const failed = numberOf(native.getsockoptInt(fd, SOL_SOCKET, SO_ERROR));
    if (failed < 0) return failed;
    if (reply.value() !== 0) return -reply.value();
    const result = numberOf(native.getpeername(fd));
    return result === -ENOTCONN ? MUST_WAIT : result;
  }

  finish(): void {
    // connected
  }
}

/** The listener that an {@link Accept} belongs to. */
export interface Listener<Accepted> {
  /** Were there no descriptors the last time? */
  starved: boolean;
  /** Makes what waits try again. */
  wake(): void;
  /** Takes ownership of the new descriptor. */
  accepted(fd: number, address: SocketAddress): Accepted;
}

/** accept(2) */
export class Accept<Accepted> extends Operation<Accepted> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'accept';
  }
  readonly #listener: Listener<Accepted>;

  constructor(listener: Listener<Accepted>) {
    super();
    this.#listener = listener;
  }

  protected call(fd: number): number {
    const listener = this.#listener;
    const result = numberOf(native.acceptNow(fd));
    if (result !== -EMFILE && result !== -ENFILE) {
      listener.starved = false;
      return result;
    }
    if (!listener.starved) {
      listener.starved = true;
      return result;
    }
    // It has been said once. The connection stays in the queue; nothing tells when there are descriptors again.
    whenDescriptorIsFree(() => listener.wake());
    return MUST_WAIT;
  }

  finish(fd: number): Accepted {
    return this.#listener.accepted(fd, decodeName(reply.address, reply.addressLength()));
  }
}

/** recv(2) into a buffer that is there only when there are bytes */
export class RecvChunk extends Operation<Buffer> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recv';
  }
  readonly #size: number;
  readonly #isTcp: boolean;
  #chunk: Buffer | undefined;

  constructor(size: number, isTcp: boolean) {
    super();
    this.#size = size;
    this.#isTcp = isTcp;
  }

  protected call(fd: number): number {
    const buffer = lend(this.#size);
    const length = recvNow(fd, buffer, 0, this.#isTcp);
    if (length >= 0) this.#chunk = take(buffer, length);
    return length;
  }

  finish(): Buffer {
    return this.#chunk as Buffer;
  }
}

/** A datagram that came. */
export interface Datagram {
  /** Its bytes, which are yours. */
  data: Buffer;
  /** The sender; null where the kernel names none. */
  address: SocketAddress | null;
  /** Was it longer than there was room for? The rest is lost. */
  truncated: boolean;
}

/** recvfrom(2) into a buffer that is there only when there is a datagram */
export class RecvDatagram extends Operation<Datagram> {
  get direction(): typeof READABLE {
    return READABLE;
  }
  get syscall(): string {
    return 'recvfrom';
  }
  readonly #size: number;
  #data: Buffer | undefined;

  constructor(size: number) {
    super();
    this.#size = size;
  }

  protected call(fd: number): number {
    const buffer = lend(this.#size);
    const length = numberOf(native.recvfrom(fd, buffer, MSG_DONTWAIT | MSG_TRUNC)); // its real length
    if (length >= 0) this.#data = take(buffer, Math.min(length, this.#size));
    return length;
  }

  finish(length: number): Datagram {
    const address = sender();
    return { data: this.#data as Buffer, address, truncated: length > this.#size };
  }
}
