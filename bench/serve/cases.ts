/** Every case of serving many, in the order in which it is run and shown. */
import type { Goal, ServedCase } from './case.js';
import type { ServerName } from './servers.js';

const OURS = ['ours', 'ours-uring'] as const;
const OTHERS = ['bun', 'deno', 'python', 'asyncio', 'streams', 'uvloop'] as const;
const STREAM_SERVERS: readonly ServerName[] = ['c', ...OURS, 'node', ...OTHERS];
const ECHO_SERVERS: readonly ServerName[] = ['c', ...OURS, 'ours-loops', 'node', ...OTHERS];

const AHEAD: readonly Goal[] = (['bun', 'python', 'uvloop'] as const).map((of) => ({
  server: 'default',
  of,
  least: 1,
}));

/** At least so much of C's on epoll, for loops with `for await`. */
const loops = (least: number): Goal => ({ server: 'ours-loops', of: 'c', least });

/** At least so much of C's, on epoll and on io_uring; ahead of Bun and of Python; perhaps far ahead of node:net. */
function goals(epoll: number, uring: number, node?: number): Goal[] {
  return [
    { server: 'ours', of: 'c', least: epoll },
    { server: 'ours-uring', of: 'c', least: uring },
    ...AHEAD,
    ...(node === undefined ? [] : [{ server: 'default', of: 'node', least: node } as const]),
  ];
}

const ECHO = { unit: 'echo', work: 'echo', core: 1, servers: ECHO_SERVERS } as const;

export const SERVED_CASES: readonly ServedCase[] = [
  {
    ...ECHO,
    name: 'echo-64',
    title: 'echo of 64 bytes, 64 connections',
    load: ['echo', '--connections', '64'],
    goals: [...goals(0.95, 1.0, 1.9), loops(0.95)],
  },
  {
    ...ECHO,
    name: 'echo-1000',
    title: 'echo of 64 bytes, 1,000 connections',
    load: ['echo', '--connections', '1000'],
    goals: goals(0.9, 0.91, 1.9),
  },
  {
    ...ECHO,
    name: 'echo-5000',
    title: 'echo of 64 bytes, 5,000 connections',
    load: ['echo', '--connections', '5000'],
    goals: [
      { server: 'ours', of: 'c', least: 'echo-1000' },
      { server: 'ours-uring', of: 'c', least: 'echo-1000' },
      ...AHEAD,
    ],
  },
  {
    ...ECHO,
    name: 'echo-1',
    title: '40 bytes to and fro, 1 connection, one core',
    load: ['ping-pong', '--size', '40'],
    core: 0,
    goals: goals(0.9, 0.9),
  },
  {
    name: 'conversations-64',
    title: 'connect, 40 bytes each way, close; 64 at once',
    unit: 'conversation',
    work: 'conversation',
    load: ['conversation', '--size', '40', '--connections', '64'],
    core: 1,
    servers: ['c', 'c-eager', ...OURS, 'node', 'node-destroy', ...OTHERS],
    goals: goals(0.9, 0.9, 1.9),
  },
  {
    name: 'one-way',
    title: '64 KiB blocks, one way, to the server',
    unit: 'block',
    work: 'one-way',
    load: ['one-way', '--size', '65536'],
    core: 1,
    servers: ['c', ...OURS, 'node', 'node-onread', ...OTHERS],
    goals: goals(0.9, 0.9),
  },
  {
    name: 'to-client',
    title: '64 KiB blocks, one way, from the server',
    unit: 'block',
    work: 'to-client',
    load: ['to-client', '--size', '65536'],
    core: 1,
    servers: STREAM_SERVERS,
    goals: goals(1, 1),
  },
  {
    name: 'datagrams',
    title: 'UDP echo of 64 bytes, 8 clients × 8 under way',
    unit: 'datagram',
    work: 'datagrams',
    load: ['datagrams', '--connections', '8', '--window', '8'],
    core: 1,
    servers: ['c-udp', 'c-udp-batch', ...OURS, 'ours-loops', 'dgram', 'bun', 'deno', 'python', 'asyncio', 'uvloop'],
    goals: [
      { server: 'ours', of: 'c-udp', least: 0.9 },
      { server: 'ours-loops', of: 'c-udp', least: 0.8 },
      { server: 'default', of: 'dgram', least: 2 },
      ...AHEAD,
    ],
  },
];
