/** recvmsg(2) and sendmsg(2), as operations. */
import { MSG_DONTWAIT } from '../../constants.js';
import type { SocketAddress } from '../../socket-address.js';
import {
  asBuffers,
  LONGEST_CONTROL,
  readMessage,
  recvmsg,
  sendMessage,
  type MessageToSend,
  type OutgoingMessage,
  type ReceivedMessage,
} from '../../syscalls/message.js';
import { integer } from '../../validate.js';
import { CountOperation, errnoThrownBy, numberOf, Operation } from '../operation.js';
import { READABLE, WRITABLE } from '../direction.js';
import { Rest, type Wakeable } from './rest.js';

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
  readonly #rest: Rest;

  /** @param socket - it is woken when the call has rested */
  constructor(message: MessageToSend, socket: Wakeable) {
    super();
    this.#message = readMessage(message);
    this.#rest = new Rest(socket, message.address);
  }

  override get address(): SocketAddress | undefined {
    return this.#message.address;
  }

  protected call(fd: number): number {
    const message = this.#message;
    asBuffers(message.buffers, 'message.buffers'); // the caller may have transferred them away meanwhile
    const send = (): number => numberOf(sendMessage(fd, message, message.flags | MSG_DONTWAIT));
    return this.#rest.after(send);
  }
}
