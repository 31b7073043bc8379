import type { MessageToSend, SocketAddress } from '../../index.js';

/** What a stream needs of a connected stream socket. */
export interface Connection {
  recv(buffer: NodeJS.ArrayBufferView): Promise<number>;
  sendAll(buffer: NodeJS.ArrayBufferView): Promise<number>;
  sendmsg(message: MessageToSend): Promise<number>;
  shutdown(how: number): void;
  getpeername(): SocketAddress;
  setsockopt(level: number, option: number, value: number | boolean): void;
  ref(): unknown;
  unref(): unknown;
  close(): void;
}

/** So much is received at once, and kept while nobody reads: as in net.Socket. */
export const SIZE = 65_536;
