/** The options of the calls that wait. */
import type { SocketError } from '../errors.js';
import { asFunction, asInt, asObject, integer, invalidType } from '../validate.js';

/** What every call that waits can be given. */
export interface WaitOptions {
  /** Ends the wait: the promise is rejected with `signal.reason`, and nothing was received or sent. */
  signal?: AbortSignal;
}

/** What a call that receives or sends can be given. */
export interface TransferOptions extends WaitOptions {
  /** `MSG_PEEK`, `MSG_OOB`, `MSG_MORE` …, or-ed. */
  flags?: number;
}

/** What `Socket.incoming` can be given. */
export interface IncomingOptions extends WaitOptions {
  /**
   * Told of errors after which accepting goes on: EMFILE and ENFILE (once, until there are descriptors again),
   * ECONNABORTED, ENOBUFS, ENOMEM, EPERM, EPROTO. Without it they are process warnings.
   */
  onError?: (error: SocketError) => void;
}

/** What `Socket.chunks` and `Socket.datagrams` can be given. */
export interface SizeOptions extends WaitOptions {
  /** The largest chunk or datagram, in bytes: 1 to 2^30, 65,536 where it is left out. */
  size?: number;
}

/** What `Socket.datagrams` can be given. */
export interface DatagramsOptions extends SizeOptions {
  /**
   * Told of errors after which receiving goes on: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH … of a peer that is away, which
   * ICMP has told. Without it they end the loop by throwing.
   */
  onError?: (error: SocketError) => void;
}

/** What {@link readLoopOptions} reads. */
export interface LoopOptions {
  readonly signal: AbortSignal | undefined;
  readonly size: number;
  readonly onError: ((error: SocketError) => void) | undefined;
}

/** What {@link readOptions} reads. */
export interface Options {
  readonly signal: AbortSignal | undefined;
  readonly flags: number;
}

const NONE: Options = { signal: undefined, flags: 0 };

/** The options, checked. */
export function readOptions(options: TransferOptions | undefined): Options {
  if (options === undefined) return NONE;
  const { signal, flags = 0 } = asObject(options, 'options') as TransferOptions;
  return { signal: signal === undefined ? undefined : asSignal(signal), flags: asInt(flags, 'options.flags') };
}

const DEFAULT_SIZE = 65_536;
const LARGEST_SIZE = 2 ** 30;
const PLAIN_LOOP: LoopOptions = { signal: undefined, size: DEFAULT_SIZE, onError: undefined };

/** The options of a loop, checked. */
export function readLoopOptions(options: (DatagramsOptions & IncomingOptions) | undefined): LoopOptions {
  if (options === undefined) return PLAIN_LOOP;
  const { signal, size = DEFAULT_SIZE, onError } = asObject(options, 'options') as DatagramsOptions;
  return {
    signal: signal === undefined ? undefined : asSignal(signal),
    size: integer(size, 'options.size', 1, LARGEST_SIZE),
    onError: onError === undefined ? undefined : asFunction(onError, 'options.onError'),
  };
}

/** An AbortSignal, from whatever realm. */
export function asSignal(value: unknown): AbortSignal {
  const signal = value as AbortSignal | null;
  const fits = typeof signal === 'object' && typeof signal?.aborted === 'boolean';
  const methods = fits && (signal as unknown as Record<string, unknown>);
  if (
    methods &&
    typeof methods['addEventListener'] === 'function' &&
    typeof methods['removeEventListener'] === 'function'
  ) {
    return methods as unknown as AbortSignal;
  }
  throw invalidType('options.signal', 'an instance of AbortSignal', value);
}
