import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asStep, CALLS, linesOf, MOST_BACKLOG, MOST_BYTES, type Step } from '../../lib/lab/steps.js';

const BIND = { actor: 'server', call: 'bind', on: 'listener' };
const SEND = { actor: 'client', call: 'send', on: 'one', text: 'hello' };

describe('a step that is asked for', () => {
  test.each<[unknown, string]>([
    [undefined, 'step'],
    [null, 'step'],
    ['bind', 'step'],
    [1, 'step'],
    [[], 'actor'],
    [{}, 'actor'],
    [{ ...BIND, actor: 'kernel' }, 'actor'],
    [{ ...BIND, actor: ['server'] }, 'actor'],
    [{ ...BIND, call: 'exec' }, 'call'],
    [{ ...BIND, call: 'toString' }, 'call'],
    [{ ...BIND, call: '__proto__' }, 'call'],
    [{ ...BIND, call: ['bind'] }, 'call'],
    [{ ...BIND, on: undefined }, 'on'],
    [{ ...BIND, on: '' }, 'on'],
    [{ ...BIND, on: 'A' }, 'on'],
    [{ ...BIND, on: 'a;exit(0)' }, 'on'],
    [{ ...BIND, on: 'a\n' }, 'on'],
    [{ ...BIND, on: 'a'.repeat(17) }, 'on'],
    [{ ...BIND, on: { toString: () => 'listener' } }, 'on'],
    [{ ...BIND, call: 'accept' }, 'as'],
    [{ ...BIND, call: 'listen', backlog: -1 }, 'backlog'],
    [{ ...BIND, call: 'listen', backlog: 1.5 }, 'backlog'],
    [{ ...BIND, call: 'listen', backlog: NaN }, 'backlog'],
    [{ ...BIND, call: 'listen', backlog: '5' }, 'backlog'],
    [{ ...BIND, call: 'listen', backlog: MOST_BACKLOG + 1 }, 'backlog'],
    [{ ...BIND, call: 'setsockopt', option: 'SO_RCVBUF', value: 1 }, 'option'],
    [{ ...BIND, call: 'setsockopt', option: 'SO_LINGER', value: true }, 'value'],
    [{ ...BIND, call: 'recv', size: 0 }, 'size'],
    [{ ...BIND, call: 'recv', size: MOST_BYTES + 1 }, 'size'],
    [{ ...BIND, call: 'shutdown', how: 2 }, 'how'],
    [{ ...SEND, text: '' }, 'text'],
    [{ ...SEND, text: 'a\0b' }, 'text'],
    [{ ...SEND, text: 'a\r\n' }, 'text'],
    [{ ...SEND, text: 'a\nb' }, 'text'],
    [{ ...SEND, text: '\ud800' }, 'text'],
    [{ ...SEND, text: 'é'.repeat(MOST_BYTES / 2 + 1) }, 'text'],
    [Object.create(BIND), 'on'],
  ])('%j is wrong in its %s', (given, field) => {
    expect(asStep(given)).toBe(field);
  });

  test('has its fields and no others', () => {
    const given = JSON.parse(
      '{"__proto__":{"x":1},"actor":"server","call":"bind","on":"listener","more":1}',
    ) as unknown;
    expect(asStep(given)).toStrictEqual(BIND);
    expect(asStep({ ...SEND, text: 'é\n' })).toStrictEqual({ ...SEND, text: 'é\n' });
    expect(asStep({ ...BIND, on: 'x'.repeat(16) })).toStrictEqual({ ...BIND, on: 'x'.repeat(16) });
  });

  test('is a step with one line in each language, or the name of a field, whatever is given', () => {
    const field = fc.constantFrom('actor', 'call', 'on', 'as', 'text', 'size', 'how', 'option', 'value', 'backlog');
    const value = fc.oneof(
      fc.constantFrom<unknown>('server', 'client', ...CALLS, 'SO_LINGER', 'SHUT_WR', 0, 1, 'listener', null),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.dictionary(field, value), (given) => {
        const step = asStep(given);
        if (typeof step === 'string') return /^[a-z]+$/.test(step);
        const { c, ts } = linesOf(step, 12000);
        return !/[\n\r]/.test(c + ts) && c.length > 0 && ts.length > 0;
      }),
    );
  });
});

describe('the lines of a step', () => {
  test.each<[Step, string, string]>([
    [
      { actor: 'server', call: 'setsockopt', on: 'listener', option: 'SO_REUSEADDR', value: 1 },
      'setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));',
      'setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, 1);',
    ],
    [
      { actor: 'server', call: 'bind', on: 'listener' },
      'bind(listener, &address, sizeof address);  // 127.0.0.1:12000',
      "bind(listener, { family: 'IPv4', address: '127.0.0.1', port: 12000 });",
    ],
    [
      { actor: 'client', call: 'send', on: 'one', text: 'say "é"\n' },
      String.raw`send(one, "say \"é\"\n", 9, 0);`,
      String.raw`send(one, Buffer.from("say \"é\"\n"));`,
    ],
  ])('of %j are those of C and of this library', (step, c, ts) => {
    expect(linesOf(step, 12000)).toEqual({ c, ts });
  });
});
