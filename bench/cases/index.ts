/** Every case, in the order in which it is run and shown. */
import { getsockopt, pair } from './calls.js';
import type { Case } from './case.js';
import { recv, recvfrom, recvmmsg, sendmsg } from './messages.js';
import { conversation, pingPong, pingPongOneCore } from './served.js';

export const CASES: readonly Case[] = [
  getsockopt,
  pair,
  recv,
  recvfrom,
  sendmsg,
  recvmmsg,
  pingPong,
  pingPongOneCore,
  conversation,
];
