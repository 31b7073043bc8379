/** The options of the calls that wait. */
import { asInt, asObject, invalidType } from '../validate.js';

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
