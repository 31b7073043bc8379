/** The rule of bind(2): what an old socket on a port and its options say to the options of a new one. */
import * as s from 'bsd-sockets';
import { closeNow } from '../support/sockets.js';
import type { Case } from './case.js';
import {
  ADDR,
  apart,
  awaitEnd,
  binding,
  bound,
  finish,
  joined,
  listening,
  NONE,
  PORT,
  portOf,
  v4,
} from './endpoints.js';

const OPTIONS = [NONE, ADDR, PORT, [...ADDR, ...PORT]];

const LISTENS = 'EEEE EEEE EE.. EE..';
const DOES_NOT = 'EEEE E.E. EE.. E...';

interface State {
  name: string;
  /** Leaves a socket with the options in this state, and tells its port. */
  make: (options: number[]) => number;
  /**
   * For an old socket with no option, SO_REUSEADDR, SO_REUSEPORT and both: what bind says to a new one with no
   * option, SO_REUSEADDR, SO_REUSEPORT and both. '.' ok, 'E' EADDRINUSE.
   */
  answers: string;
}

const STATES: State[] = [
  { name: 'listens', make: (options) => portOf(listening(v4(), options)), answers: LISTENS },
  {
    name: 'listens, beside a connection in TIME_WAIT',
    make: (options) => {
      const listener = listening(v4(), options);
      const { client, server } = joined(listener);
      finish(server, client);
      return portOf(listener);
    },
    answers: LISTENS,
  },
  { name: 'is bound', make: (options) => portOf(bound(v4(), options)), answers: DOES_NOT },
  { name: 'is connected, without its listener', make: (options) => apart(v4(), options).port, answers: DOES_NOT },
  {
    name: 'is in CLOSE_WAIT',
    make: (options) => {
      const { client, server, port } = apart(v4(), options);
      closeNow(client);
      awaitEnd(server);
      return port;
    },
    answers: DOES_NOT,
  },
  {
    name: 'is in FIN_WAIT2',
    make: (options) => {
      const { client, server, port } = apart(v4(), options);
      s.shutdown(server, s.SHUT_WR);
      awaitEnd(client);
      return port;
    },
    answers: DOES_NOT,
  },
  {
    name: 'is in FIN_WAIT2 and closed',
    make: (options) => {
      const { client, server, port } = apart(v4(), options);
      closeNow(server);
      awaitEnd(client);
      return port;
    },
    answers: DOES_NOT,
  },
  {
    name: 'is in TIME_WAIT',
    make: (options) => {
      const { client, server, port } = apart(v4(), options);
      finish(server, client);
      return port;
    },
    answers: DOES_NOT,
  },
];

function answersTo(make: State['make']): string {
  const answer = (old: number[], options: number[]): string => {
    const result = binding(v4(make(old)), options);
    return { ok: '.', EADDRINUSE: 'E' }[result] ?? result;
  };
  return OPTIONS.map((old) => OPTIONS.map((options) => answer(old, options)).join('')).join(' ');
}

export const bindConflictCases: Case[] = STATES.map(({ name, make, answers }, index) => ({
  id: `REUSE-X1${String(index)}`,
  what: `a socket on the port ${name}: four ways to set the options on it and on the new one`,
  run: () => answersTo(make),
  expected: answers,
}));
