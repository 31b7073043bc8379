/** recvmsg(2) and sendmsg(2). */
import { MSG_DONTWAIT } from '../../constants.js';
import type { SocketAddress } from '../../socket-address.js';
import {
  asBuffers,
  LONGEST_CONTROL,
  readMessage,
  recvmsg as recvmsgNow,
  sendMessage,
  type MessageToSend,
  type OutgoingMessage,
  type ReceivedMessage,
  type RecvmsgOptions,
} from '../../syscalls/message.js';
import { integer } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { CountOperation, errnoThrownBy, Operation } from '../engine/operation.js';
import { MUST_WAIT, outcomeOf, type Outcome } from '../engine/outcome.js';
import { receiveQueue, WRITABLE, type Queue } from '../engine/readiness.js';
import type { WaitOptions } from '../options.js';
import { Rest } from './rest.js';

/** Receives a message into several buffers, with its control messages: recvmsg(2). */
export function recvmsg(
  engine: Engine,
  buffers: readonly NodeJS.ArrayBufferView[],
  options: (RecvmsgOptions & WaitOptions) | undefined,
): Promise<ReceivedMessage> {
  return engine.beginWith(options, (flags) => new Recvmsg(buffers, options?.controlLength ?? 0, flags));
}

/** Sends a message gathered from several buffers, with control messages: sendmsg(2). */
export function sendmsg(engine: Engine, message: MessageToSend, options: WaitOptions | undefined): Promise<number> {
  return engine.beginWith(options, () => new Sendmsg(message, engine));
}

class Recvmsg extends Operation<ReceivedMessage> {
  get queue(): Queue {
    return receiveQueue(this.#flags);
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

  protected call(fd: number): Outcome {
    const options = { controlLength: this.#controlLength, flags: this.#flags | MSG_DONTWAIT };
    return errnoThrownBy(() => {
      this.#message = recvmsgNow(fd, this.#buffers, options);
    });
  }

  finish(): ReceivedMessage {
    return this.#message;
  }
}

class Sendmsg extends CountOperation {
  get queue(): Queue {
    return WRITABLE;
  }
  get syscall(): string {
    return 'sendmsg';
  }
  readonly #message: OutgoingMessage;
  readonly #rest: Rest | undefined;

  /** @param engine - it is woken when the call has rested */
  constructor(message: MessageToSend, engine: Engine) {
    super();
    this.#message = readMessage(message);
    this.#rest = Rest.of(engine, message.address);
  }

  override get address(): SocketAddress | undefined {
    return this.#message.address;
  }

  protected call(fd: number): Outcome {
    const message = this.#message;
    asBuffers(message.buffers, 'message.buffers'); // the caller may have transferred them away meanwhile
    if (this.#rest?.isOn === true) return MUST_WAIT;
    const outcome = outcomeOf(sendMessage(fd, message, message.flags | MSG_DONTWAIT));
    if (outcome === MUST_WAIT) this.#rest?.begin();
    return outcome;
  }
}
