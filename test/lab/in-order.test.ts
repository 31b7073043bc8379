import { describe, expect, test } from '@jest/globals';
import { cProgram } from '../../lib/lab/export/c-program.js';
import { inOrder } from '../../lib/lab/export/in-order.js';
import { script } from '../../lib/lab/export/script.js';
import type { SessionCall } from '../../lib/lab/session.js';
import type { LabActor, Step } from '../../lib/lab/steps.js';

/** A call that began and returned then; without an end it never did. */
function call(actor: LabActor, name: string, startMs: number, endMs?: number): SessionCall {
  return asCall({ actor, call: 'close', on: name }, startMs, endMs);
}

function asCall(step: Step, startMs: number, endMs?: number): SessionCall {
  const base = { call: startMs, actor: step.actor };
  const called = { kind: 'called', atMs: startMs, step, c: '', ts: '', ...base } as const;
  if (endMs === undefined) return { called };
  return { called, returned: { kind: 'returned', atMs: endMs, durationMs: endMs - startMs, result: 0, ...base } };
}

const order = (...calls: SessionCall[]): string[] =>
  inOrder(calls).map(({ call: { called }, hasReturned }) =>
    'on' in called.step ? `${called.step.on}${hasReturned ? '' : '?'}` : '',
  );

describe('the order of an exported program', () => {
  test('is that of the returns', () => {
    expect(order(call('server', 'a', 1, 2), call('client', 'b', 3, 4), call('server', 'c', 5, 6))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test.each([
    ['later', 10.9, 11],
    ['sooner', 11.2, 11],
    ['at the same time', 11, 11],
  ])('has what a call waits for before it, though that returned %s', (_, acceptEndMs, connectEndMs) => {
    expect(order(call('server', 'accept', 1, acceptEndMs), call('client', 'connect', 10, connectEndMs))).toEqual([
      'connect',
      'accept',
    ]);
  });

  test('has a call that waits on for a later one after that', () => {
    // recv waits for connect's sender, which then waits for what the receiver sends
    const calls = [call('server', 'recv', 1, 11), call('client', 'waits', 10, 21), call('server', 'send', 20, 20.5)];
    expect(order(...calls)).toEqual(['recv', 'send', 'waits']);
  });

  test('has a call that never returned where it began', () => {
    expect(order(call('server', 'a', 1, 2), call('server', 'never', 3), call('client', 'b', 4, 5))).toEqual([
      'a',
      'never?',
      'b',
    ]);
  });
});

describe('an exported program', () => {
  test('of no calls is one that does nothing', () => {
    expect(cProgram([], 12000)).toContain('return 0;');
    expect(script([], 12000)).not.toContain("from 'bsd-sockets'");
  });

  test('has in C no trigraph and nothing that cannot be seen, and keeps the text', () => {
    const text = '??/ "\\" \u202e é\n';
    const calls = [asCall({ actor: 'client', call: 'send', on: 'one', text }, 1, 2)];
    const [line = ''] =
      /"[^"]*(?:\\"[^"]*)*", \d+, 0/.exec(cProgram(calls, 12000).split('client_one, ')[1] ?? '') ?? [];
    expect(line).toBe(String.raw`"\?\?/ \"\\\" \342\200\256 é\n", ${String(Buffer.byteLength(text))}, 0`);
    expect(script(calls, 12000)).toContain(JSON.stringify(text));
  });

  test('can have names that are words of C', () => {
    const calls = [asCall({ actor: 'server', call: 'socket', on: 'int' }, 1, 2)];
    expect(cProgram(calls, 12000)).toContain('int server_int = -1;');
    expect(script(calls, 12000)).toContain('let serverInt = -1;');
  });
});
