/** Which native calls are one call to the reader: what would wait in C is tried again and again by a promise. Pure. */
import { mayWait, written, type Written } from './written.js';

/** A call that has begun. */
export interface Begun extends Written {
  /** Its number in this thread. */
  readonly call: number;
  /** When it began, by the caller's clock. */
  readonly startMs: number;
  /** It was not under way already. */
  readonly isNew: boolean;
  /** EAGAIN means that it goes on. */
  readonly waits: boolean;
}

/** The calls of one thread. */
export class CallPairs {
  readonly #underWay = new Map<string, Pick<Begun, 'call' | 'startMs'>>();
  #last = 0;

  /** A native call is about to be made; undefined: it is none that is told. */
  begin(native: string, args: readonly unknown[], nowMs: number): Begun | undefined {
    const call = written(native, args);
    if (call === undefined) return undefined;
    const waits = mayWait(native);
    const known = waits ? this.#underWay.get(keyOf(call)) : undefined;
    const { call: number, startMs } = known ?? { call: ++this.#last, startMs: nowMs };
    if (waits) this.#underWay.set(keyOf(call), { call: number, startMs });
    return { ...call, call: number, startMs, isNew: known === undefined, waits };
  }

  /** It has returned. What waits on a descriptor that is closed never does. */
  end(begun: Pick<Written, 'fd' | 'name'>): void {
    this.#underWay.delete(keyOf(begun));
    if (begun.name !== 'close') return;
    for (const key of this.#underWay.keys()) if (key.startsWith(`${String(begun.fd)} `)) this.#underWay.delete(key);
  }

  /** The connect that is under way on a descriptor. */
  connecting(fd: number): Pick<Begun, 'call' | 'startMs'> | undefined {
    return this.#underWay.get(keyOf({ fd, name: 'connect' }));
  }
}

const keyOf = ({ fd, name }: Pick<Written, 'fd' | 'name'>): string => `${String(fd)} ${name}`;
