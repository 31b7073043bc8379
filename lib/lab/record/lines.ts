/** What the recorded script's process writes to its parent, a line of JSON each: types. */

/** Of a time the milliseconds since 1970, with fractions. */
export type RecordLine =
  | {
      readonly kind: 'called';
      readonly at: number;
      readonly thread: number;
      readonly call: number;
      readonly text: string;
    }
  | {
      readonly kind: 'returned';
      readonly at: number;
      readonly thread: number;
      readonly call: number;
      /** How long it took, without the time for telling, in milliseconds. */
      readonly tookMs: number;
      /** Or -errno. */
      readonly result: number;
    }
  /** A descriptor was made, or has a port of its own now. */
  | {
      readonly kind: 'socket';
      readonly thread: number;
      readonly fd: number;
      readonly inode: number;
      readonly port?: number;
    };

/** The variable of the environment that names the descriptor of the lines and the inode behind it: `'3:123456'`. */
export const RECORD_TO = 'BSD_SOCKETS_RECORD';
