import { describe, expect, test } from '@jest/globals';
import {
  after,
  callInProgress,
  countIn,
  isIdle,
  NOTHING,
  remainingMs,
  sideOf,
  type RunState,
} from '../../../lib/lab/page/run-state.js';
import type { KernelSocket, LabEvent } from '../../../lib/lab/protocol.js';
import type { Step } from '../../../lib/lab/steps.js';

const stateAfter = (...events: readonly LabEvent[]): RunState => events.reduce(after, NOTHING);

const started = (actor: 'server' | 'client', atMs = 0): LabEvent => ({
  kind: 'actor',
  atMs,
  actor,
  pid: 7,
  state: 'started',
});
const called = (call: number, step: Step, atMs = 1): LabEvent => ({
  kind: 'called',
  atMs,
  call,
  actor: step.actor,
  step,
  c: 'c',
  ts: 'ts',
});
const returned = (call: number, result: number, atMs = 2): LabEvent => ({
  kind: 'returned',
  atMs,
  call,
  actor: 'server',
  result,
  durationMs: 1,
});
const listed = (atMs: number, ...sockets: KernelSocket[]): LabEvent => ({ kind: 'sockets', atMs, sockets });
const socket = (id: string, state: KernelSocket['state'], more: Partial<KernelSocket> = {}): KernelSocket => ({
  id,
  actor: 'server',
  name: 'listener',
  state,
  local: { address: '127.0.0.1', port: 5000 },
  remote: { address: '0.0.0.0', port: 0 },
  receiveQueue: 0,
  sendQueue: 0,
  ...more,
});

const MAKES: Step = { actor: 'server', call: 'socket', on: 'listener' };

describe('what a page knows of a session', () => {
  test('has the variables of a process from its calls, until it ends', () => {
    const made = stateAfter(started('server'), called(1, MAKES), returned(1, 20));
    expect(made.actors.get('server')?.variables).toEqual(new Map([['listener', { fd: 20, isAccepted: false }]]));
    const accepted = [
      called(2, { actor: 'server', call: 'accept', on: 'listener', as: 'connection' }),
      returned(2, 21),
    ];
    const both = accepted.reduce(after, made);
    expect(both.actors.get('server')?.variables.get('connection')).toEqual({ fd: 21, isAccepted: true });
    const closed = [called(3, { actor: 'server', call: 'close', on: 'listener' }), returned(3, 0)].reduce(after, both);
    expect([...(closed.actors.get('server')?.variables.keys() ?? [])]).toEqual(['connection']);
    const ended = after(both, { kind: 'actor', atMs: 9, actor: 'server', pid: 7, state: 'ended' });
    expect(ended.actors.get('server')).toEqual({ pid: 7, isAlive: false, variables: new Map() });
  });

  test('has no variable of a call that failed', () => {
    const failed: LabEvent = {
      kind: 'returned',
      atMs: 2,
      call: 1,
      actor: 'server',
      error: { code: 'EMFILE', errno: 24, message: 'Too many open files' },
      durationMs: 1,
    };
    expect(stateAfter(started('server'), called(1, MAKES), failed).actors.get('server')?.variables.size).toBe(0);
  });

  test('says that a process is in a call until that returns, or the process ends', () => {
    const waiting = stateAfter(started('server'), called(1, MAKES));
    expect([isIdle(waiting, 'server'), callInProgress(waiting, 'server')?.called.call]).toEqual([false, 1]);
    expect(isIdle(after(waiting, returned(1, 3)), 'server')).toBe(true);
    const ended = after(waiting, { kind: 'actor', atMs: 3, actor: 'server', pid: 7, state: 'ended' });
    expect([isIdle(ended, 'server'), ended.calls[0]?.isLost]).toEqual([false, true]);
    expect(isIdle(after(ended, started('server', 4)), 'server')).toBe(true);
  });

  test('has a span of time for each state of a socket', () => {
    const { spans } = stateAfter(
      listed(10, socket('s1', 'LISTEN'), socket('s2', 'ESTABLISHED')),
      listed(20, socket('s1', 'LISTEN'), socket('s2', 'FIN_WAIT2')),
      listed(30, socket('s1', 'LISTEN')),
    );
    expect(spans.map(({ socket: { id, state }, fromMs, toMs }) => [id, state, fromMs, toMs])).toEqual([
      ['s1', 'LISTEN', 10, undefined],
      ['s2', 'ESTABLISHED', 10, 20],
      ['s2', 'FIN_WAIT2', 20, 30],
    ]);
  });

  test('keeps no more than it shows', () => {
    const many = Array.from({ length: 1000 }, (_, index) => called(index, MAKES));
    expect(stateAfter(started('server'), ...many).calls.length).toBeLessThanOrEqual(300);
    const packet = { kind: 'packet', atMs: 1, from: 1, to: 2, flags: ['SYN'], bytes: 0 } as const;
    expect(stateAfter(...Array.from({ length: 1000 }, () => packet)).packets.length).toBeLessThanOrEqual(100);
  });
});

test('the end that has the port of the session is the server', () => {
  const end = (port: number): KernelSocket =>
    socket('s1', 'TIME_WAIT', { actor: null, local: { address: '127.0.0.1', port } });
  expect([sideOf(end(5000), 5000), sideOf(end(40_000), 5000)]).toEqual(['server', 'client']);
});

test("what is left of TIME_WAIT counts down from the kernel's figure", () => {
  const waits = socket('s1', 'TIME_WAIT', { expiresInMs: 60_000 });
  expect(remainingMs(waits, 1000, 3500)).toBe(57_500);
  expect(remainingMs(waits, 1000, 99_000)).toBe(0);
  expect(remainingMs(socket('s1', 'LISTEN'), 0, 0)).toBeUndefined();
  expect(countIn(stateAfter(listed(1, waits)), 'TIME_WAIT')).toBe(1);
});
