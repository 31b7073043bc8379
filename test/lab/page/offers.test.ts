import { describe, expect, test } from '@jest/globals';
import { generalOffers, socketOffers } from '../../../lib/lab/page/offers.js';
import { linesOf } from '../../../lib/lab/steps.js';

const NONE = new Map<string, never>();
const variables = (name: string, isAccepted: boolean) => new Map([[name, { fd: 3, isAccepted }]]) as never;
const calls = (offers: { step: { call: string } }[]): string[] => offers.map(({ step }) => step.call);

describe('what a process is offered', () => {
  test('without a socket: to make one, and to start again', () => {
    expect(calls(generalOffers('client', NONE))).toEqual(['socket', 'restart']);
    expect(socketOffers('server', 'listener', NONE)).toEqual([]);
  });

  test("with a socket: the article's steps that make sense for it", () => {
    const flags = ['setsockopt', 'setsockopt', 'setsockopt'];
    const talk = ['send', 'recv', 'shutdown', 'setsockopt'];
    const listener = socketOffers('server', 'listener', variables('listener', false));
    expect(calls(listener)).toEqual([...flags, 'bind', 'listen', 'accept', 'close']);
    const client = socketOffers('client', 'client', variables('client', false));
    expect(calls(client)).toEqual([...flags, 'connect', ...talk, 'close']);
    const accepted = socketOffers('server', 'connection', variables('connection', true));
    expect(calls(accepted)).toEqual([...flags, ...talk, 'close']);
  });

  test('a name that is taken is not offered again', () => {
    const [socket] = generalOffers('server', variables('listener', false));
    expect(socket?.step).toMatchObject({ call: 'socket', on: 'listener2' });
  });

  test('each has its line in C and in TypeScript', () => {
    const all = [
      ...generalOffers('server', NONE),
      ...socketOffers('server', 'listener', variables('listener', false)),
      ...socketOffers('client', 'client', variables('client', false)),
    ];
    for (const { step } of all) {
      const { c, ts } = linesOf(step, 8080);
      expect([c, ts].every((line) => line.includes(step.call === 'restart' ? 'exit' : step.call))).toBe(true);
    }
  });
});
