/** The process of one actor: it makes the calls that its parent orders, and blocks in them. */
import { endWithParent } from '../../reuse/end-with-parent.js';
import { clockMs } from '../../reuse/timeline.js';
import { makeCall, type Variables } from './make-call.js';
import type { Answer, Order } from './messages.js';

const variables: Variables = new Map();

endWithParent(Number(process.argv[2]));
process.on('message', (message) => {
  const { call, step, port } = message as Order;
  const startMs = clockMs();
  const outcome = makeCall(step, port, variables);
  process.send?.({ ...outcome, call, startMs, endMs: clockMs() } satisfies Answer);
});
process.on('disconnect', () => {
  process.exit();
});
