/** poll(2) of one socket. */
import { poll as pollNow } from '../../syscalls/poll.js';
import { asInt } from '../../validate.js';
import type { Engine } from '../engine/engine.js';
import { CountOperation } from '../engine/operation.js';
import { MUST_WAIT, type Outcome } from '../engine/outcome.js';
import { ANY, type Queue } from '../engine/readiness.js';
import type { WaitOptions } from '../options.js';

/** Waits for events: poll(2). */
export function poll(engine: Engine, events: number, options: WaitOptions | undefined): Promise<number> {
  return engine.beginWith(options, () => new Poll(events));
}

class Poll extends CountOperation {
  get queue(): Queue {
    return ANY;
  }
  get syscall(): string {
    return 'poll';
  }
  readonly #events: number;

  constructor(events: number) {
    super();
    this.#events = asInt(events, 'events');
  }

  protected call(fd: number): Outcome {
    const entry = { fd, events: this.#events, revents: 0 };
    return pollNow([entry], 0) > 0 ? entry.revents : MUST_WAIT;
  }
}
