/** A connection as the web's streams. */
import {
  ReadableStream,
  WritableStream,
  type ReadableByteStreamController,
  type ReadableWritablePair,
} from 'node:stream/web';
import { SHUT_WR } from '../../index.js';
import { SIZE, type Connection } from './connection.js';

/** What `Socket.toWeb` returns. */
export interface WebStreams extends ReadableWritablePair<Uint8Array, Uint8Array> {
  /** What comes: a byte stream, which fills the reader's own buffers where it is asked so. */
  readable: ReadableStream<Uint8Array>;
  /** What leaves. Closing it is a half-close: the peer sees the end. */
  writable: WritableStream<Uint8Array>;
}

/** What Node's types have as `any` or `never`, depending on their age. */
interface ByobRequest {
  readonly view: Uint8Array;
  respond(length: number): void;
}

/** The two streams of a socket, and when it is closed. */
export class WebEnds implements WebStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #socket: Connection;
  #receives = true;
  #sends = true;
  #failReadable: (reason: unknown) => void = () => undefined;
  #failWritable: (reason: unknown) => void = () => undefined;

  constructor(socket: Connection) {
    this.#socket = socket;
    this.readable = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: SIZE,
      start: (controller) => {
        this.#failReadable = (reason): void => {
          controller.error(reason);
        };
      },
      pull: (controller) => this.#receive(controller),
      cancel: () => {
        this.#ended('receiving');
      },
    });
    this.writable = new WritableStream({
      start: (controller) => {
        this.#failWritable = (reason): void => {
          controller.error(reason);
        };
      },
      write: async (chunk) => {
        await socket.sendAll(chunk).catch((error: unknown) => this.#fail(error));
      },
      close: () => {
        socket.shutdown(SHUT_WR);
        this.#ended('sending');
      },
      abort: (reason) => {
        this.#sends = false;
        this.#close(reason);
      },
    });
  }

  /** Receives into the reader's own buffer, or the one that was made for it. */
  async #receive(controller: ReadableByteStreamController): Promise<void> {
    const request = controller.byobRequest as unknown as ByobRequest; // autoAllocateChunkSize makes one where the reader has not
    const length = await this.#socket.recv(request.view).catch((error: unknown) => this.#fail(error));
    if (!this.#receives) return; // cancelled meanwhile
    if (length === 0) {
      controller.close();
      this.#ended('receiving');
    }
    request.respond(length);
  }

  #ended(what: 'receiving' | 'sending'): void {
    if (what === 'receiving') this.#receives = false;
    else this.#sends = false;
    if (!this.#receives && !this.#sends) this.#socket.close();
  }

  /** An error of the kernel ends both directions. */
  #fail(error: unknown): never {
    this.#close(error);
    throw error;
  }

  #close(reason: unknown): void {
    this.#socket.close();
    if (this.#receives) this.#failReadable(reason);
    if (this.#sends) this.#failWritable(reason);
    this.#receives = this.#sends = false;
  }
}
