/** The state diagram of TCP, RFC 9293, with the sockets in it. */
import type { JSX } from 'preact';
import type { KernelSocket } from '../../protocol.js';
import { sideOf } from '../run-state.js';
import type { PageWords } from '../words/words.js';

const NODES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  CLOSE: [230, 22],
  LISTEN: [95, 82],
  SYN_SENT: [365, 82],
  SYN_RECV: [95, 142],
  ESTABLISHED: [230, 196],
  FIN_WAIT1: [95, 250],
  CLOSE_WAIT: [365, 250],
  CLOSING: [230, 296],
  FIN_WAIT2: [95, 342],
  LAST_ACK: [365, 342],
  TIME_WAIT: [230, 388],
};

const EDGES: readonly (readonly [from: string, to: string, by: string])[] = [
  ['CLOSE', 'LISTEN', 'listen'],
  ['CLOSE', 'SYN_SENT', 'connect'],
  ['LISTEN', 'SYN_RECV', 'SYN'],
  ['SYN_RECV', 'ESTABLISHED', 'ACK'],
  ['SYN_SENT', 'ESTABLISHED', 'SYN+ACK'],
  ['ESTABLISHED', 'FIN_WAIT1', 'close'],
  ['ESTABLISHED', 'CLOSE_WAIT', 'FIN'],
  ['FIN_WAIT1', 'FIN_WAIT2', 'ACK'],
  ['FIN_WAIT1', 'CLOSING', 'FIN'],
  ['CLOSING', 'TIME_WAIT', 'ACK'],
  ['FIN_WAIT2', 'TIME_WAIT', 'FIN'],
  ['CLOSE_WAIT', 'LAST_ACK', 'close'],
];

const [HALF_WIDTH, HALF_HEIGHT] = [54, 15];

/** So many sockets are drawn at a state; of more only their number. */
const MOST_MARKS = 6;

/** Names that the kernel has besides those of the RFC. */
const SAME: Readonly<Record<string, string>> = { NEW_SYN_RECV: 'SYN_RECV', BOUND_INACTIVE: 'CLOSE' };

/** The node of a socket's state. */
export const nodeOf = ({ state }: KernelSocket): string => SAME[state] ?? state;

interface Props {
  readonly sockets: readonly KernelSocket[];
  readonly port: number;
  readonly words: PageWords;
}

/** All states, those lit in which the kernel says that a socket is. */
export function StateDiagram({ sockets, port, words }: Props): JSX.Element {
  const lit = Object.keys(NODES).filter((name) => sockets.some((socket) => nodeOf(socket) === name));
  const label = `${words.diagram}: ${lit.length === 0 ? words.diagramNone : lit.join(', ')}`;
  return (
    <svg class="diagram" viewBox="0 0 460 412" role="img" aria-label={label}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8z" class="arrowhead" />
        </marker>
      </defs>
      {EDGES.map(([from, to, by]) => (
        <Edge key={`${from} ${to}`} from={from} to={to} by={by} />
      ))}
      {Object.keys(NODES).map((name) => (
        <Node key={name} name={name} sockets={sockets.filter((one) => nodeOf(one) === name)} port={port} />
      ))}
    </svg>
  );
}

const placeOf = (name: string): readonly [number, number] => NODES[name] ?? [0, 0];

/** Where the line from a node's middle crosses its border. */
function border(from: string, to: string): [number, number] {
  const [[x, y], [otherX, otherY]] = [placeOf(from), placeOf(to)];
  const [dx, dy] = [otherX - x, otherY - y];
  const scale = Math.min(HALF_WIDTH / (Math.abs(dx) || 0.001), HALF_HEIGHT / (Math.abs(dy) || 0.001));
  return [x + dx * scale, y + dy * scale];
}

function Edge({ from, to, by }: { from: string; to: string; by: string }): JSX.Element {
  const [[x1, y1], [x2, y2]] = [border(from, to), border(to, from)];
  const isUpright = Math.abs(x2 - x1) < 4;
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return (
    <g class="edge">
      <line x1={x1} y1={y1} x2={x2} y2={y2} marker-end="url(#arrow)" />
      <text x={isUpright ? x + 6 : x} y={isUpright ? y + 3 : y - 5} text-anchor={isUpright ? 'start' : 'middle'}>
        {by}
      </text>
    </g>
  );
}

function Node({ name, sockets, port }: { name: string; sockets: readonly KernelSocket[]; port: number }): JSX.Element {
  const [x, y] = placeOf(name);
  const marks = sockets.slice(0, MOST_MARKS);
  return (
    <g class={sockets.length > 0 ? 'node lit' : 'node'} data-state={name}>
      <rect x={x - HALF_WIDTH} y={y - HALF_HEIGHT} width={2 * HALF_WIDTH} height={2 * HALF_HEIGHT} rx="8" />
      <text x={x} y={y + 4} text-anchor="middle">
        {name}
      </text>
      {marks.map((socket, index) => (
        <Mark
          key={socket.id}
          socket={socket}
          port={port}
          x={x + (index - (marks.length - 1) / 2) * 17}
          y={y - HALF_HEIGHT - 1}
        />
      ))}
      {sockets.length > MOST_MARKS ? (
        <text x={x + HALF_WIDTH} y={y - HALF_HEIGHT - 4}>{`+${String(sockets.length - MOST_MARKS)}`}</text>
      ) : null}
    </g>
  );
}

/** A circle for the server's end, a square for the client's; hollow where no process holds it. */
function Mark({ socket, port, x, y }: { socket: KernelSocket; port: number; x: number; y: number }): JSX.Element {
  const side = sideOf(socket, port);
  const kind = `mark ${side}${socket.actor === null ? ' hollow' : ''}`;
  return side === 'server' ? (
    <circle class={kind} cx={x} cy={y} r="6.5" />
  ) : (
    <rect class={kind} x={x - 6} y={y - 6} width="12" height="12" rx="1.5" />
  );
}

/** The same marks, in a line of text. */
export function InlineMark({ socket, port }: { socket: KernelSocket; port: number }): JSX.Element {
  return (
    <svg class="inline-mark" viewBox="0 0 16 16" aria-hidden="true">
      <Mark socket={socket} port={port} x={8} y={8} />
    </svg>
  );
}
