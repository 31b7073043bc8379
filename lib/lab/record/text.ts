/** A recording as text, for a terminal. Pure. */
import { endpoint } from '../../doctor/kernel/holder.js';
import { printable } from '../../printable.js';
import type { CalledEvent, KernelSocket, LabEvent, Recording, ReturnedEvent } from '../protocol.js';

/** A line for each call, with its result, and for each change that the kernel's list showed. */
export function textOf({ title, system, events }: Recording): string[] {
  const returned = new Map(
    events.flatMap((event) => (event.kind === 'returned' ? [[event.call, event] as const] : [])),
  );
  const several = new Set(events.flatMap((event) => ('actor' in event ? [event.actor] : []))).size > 1;
  const lines = events.flatMap((event, index) => linesOf(event, index, events, returned, several));
  return [printable(title), system, '', '      ms', ...lines];
}

function linesOf(
  event: LabEvent,
  index: number,
  events: readonly LabEvent[],
  returned: ReadonlyMap<number, ReturnedEvent>,
  several: boolean,
): string[] {
  if (event.kind === 'called') return [callLine(event, returned.get(event.call), several)];
  if (event.kind !== 'sockets') return [];
  const before = events.slice(0, index).findLast((one) => one.kind === 'sockets');
  return changes(before?.kind === 'sockets' ? before.sockets : [], event.sockets).map(
    (change) => `${time(event.atMs)}    ${change}`,
  );
}

const time = (ms: number): string => ms.toFixed(1).padStart(8);

function callLine(called: CalledEvent, returned: ReturnedEvent | undefined, several: boolean): string {
  const who = several ? `${called.actor}: ` : '';
  return `${time(called.atMs)}  ${who}${printable(called.c)} ${resultOf(returned)}`;
}

function resultOf(returned: ReturnedEvent | undefined): string {
  if (returned === undefined) return '… never returned';
  const { error, result = 0, durationMs } = returned;
  const took = durationMs < 1 ? '' : `  (${durationMs.toFixed(0)} ms)`;
  return `= ${error === undefined ? String(result) : `${error.code}: ${error.message}`}${took}`;
}

/** What is different in the kernel's list. */
function changes(before: readonly KernelSocket[], after: readonly KernelSocket[]): string[] {
  const old = new Map(before.map((socket) => [socket.id, socket]));
  const now = new Set(after.map(({ id }) => id));
  return [
    ...after.flatMap((socket) =>
      old.get(socket.id)?.state === socket.state ? [] : [`${socket.state}  ${placeOf(socket)}`],
    ),
    ...before.flatMap((socket) => (now.has(socket.id) ? [] : [`gone  ${placeOf(socket)}`])),
  ];
}

function placeOf({ name, actor, local, remote }: KernelSocket): string {
  const ends = remote.port === 0 ? endpoint(local) : `${endpoint(local)} → ${endpoint(remote)}`;
  return actor === null ? `${ends}${name === null ? '' : ` (was ${name})`}` : `${ends} (${name ?? ''})`;
}
