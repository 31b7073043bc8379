/** What the rule of bind(2) says of the sockets that are there. Pure. */
import { explainBind } from './bind-rule.js';
import type { Holder, InetTarget } from '../kernel/observation.js';
import type { InetSocket } from '../kernel/observe.js';

type Bound = Pick<InetSocket, 'state' | 'local'> & Pick<Holder, 'v6only' | 'interfaceIndex'>;

/**
 * Which of the sockets on a port are in the way of a bind without flags? Where the rule cannot say, a socket counts as
 * one of them.
 *
 * @param v6only - would the new socket leave IPv4 alone?
 */
export function inTheWay({ protocol, address }: InetTarget, v6only = false): (socket: Bound) => boolean {
  const answers = new Map<string, boolean>(); // thousands of sockets have few addresses
  let last: Bound | undefined;
  let lastAnswer = false;
  return (socket) => {
    if (last !== undefined && isAlike(socket, last)) return lastAnswer;
    last = socket;
    return (lastAnswer = answerFor(socket));
  };

  function answerFor({ local, state, v6only: leavesIPv4, interfaceIndex = 0 }: Bound): boolean {
    const key = `${local.address} ${state} ${String(leavesIPv4)} ${String(interfaceIndex)}`;
    const before = answers.get(key);
    if (before !== undefined) return before;
    const wanted = { protocol, address: address.address, port: address.port, v6only };
    const existing = { protocol, address: local.address, port: local.port, state, interfaceIndex };
    const known = leavesIPv4 === undefined ? existing : { ...existing, v6only: leavesIPv4 };
    const answer = explainBind(known, wanted).result !== 'ok';
    answers.set(key, answer);
    return answer;
  }
}

/** Where it says yes, they are; the same address has mostly the same object. */
function isAlike(a: Bound, b: Bound): boolean {
  return a.local === b.local && a.state === b.state && a.v6only === b.v6only && a.interfaceIndex === b.interfaceIndex;
}
