/** A call as it is written: in C, and in TypeScript with this library. */
import type { JSX } from 'preact';
import type { Lines } from '../../steps.js';

/** Both lines, or the one that is the same in both. */
export function CodeLines({ lines: { c, ts } }: { lines: Lines }): JSX.Element {
  if (c === ts) return <Line of="C, TS" text={c} />;
  return (
    <div class="lines">
      <Line of="C" text={c} />
      <Line of="TS" text={ts} />
    </div>
  );
}

function Line({ of, text }: { of: string; text: string }): JSX.Element {
  return (
    <code>
      <small>{of}</small> {text}
    </code>
  );
}
