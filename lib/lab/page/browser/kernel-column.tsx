/** The middle: what the kernel says. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { KernelSocket, PacketEvent } from '../../protocol.js';
import { remainingMs, sideOf, type RunState } from '../run-state.js';
import type { PageWords } from '../words/words.js';
import { InlineMark, StateDiagram } from './state-diagram.js';

interface Props {
  readonly state: RunState;
  /** The session's clock. */
  readonly nowMs: () => number;
  readonly words: PageWords;
  /** Its headings have an id of their own. */
  readonly id: string;
}

/** The diagram, the list of sockets, and the packets. */
export function KernelColumn({ state, nowMs, words, id }: Props): JSX.Element {
  const { hello, sockets, socketsAtMs, packets } = state;
  const port = hello?.port ?? 0;
  const isSeen = hello === undefined || hello.kernel === true;
  return (
    <div role="group" class="column kernel" aria-labelledby={id}>
      <h3 id={id}>
        {words.kernel} <small>{words.kernelAbout}</small>
      </h3>
      {isSeen ? (
        <>
          <StateDiagram sockets={sockets} port={port} words={words} />
          <p class="hint">{words.legend}</p>
          <h4>{words.sockets}</h4>
          <Sockets sockets={sockets} port={port} toldAtMs={socketsAtMs} nowMs={nowMs} words={words} />
        </>
      ) : (
        <p class="note">{words.kernelOff(hello.kernel)}</p>
      )}
      <h4>{words.packets}</h4>
      <Packets packets={packets} seen={hello?.packets ?? true} port={port} words={words} />
    </div>
  );
}

interface SocketsProps {
  readonly sockets: readonly KernelSocket[];
  readonly port: number;
  readonly toldAtMs: number;
  readonly nowMs: () => number;
  readonly words: PageWords;
}

function Sockets({ sockets, port, toldAtMs, nowMs, words }: SocketsProps): JSX.Element {
  useTicks(sockets.some(({ expiresInMs }) => expiresInMs !== undefined));
  if (sockets.length === 0) return <p class="note">{words.noSockets}</p>;
  return (
    <ul class="sockets">
      {sockets.map((socket) => {
        const leftMs = remainingMs(socket, toldAtMs, nowMs());
        return (
          <li key={socket.id} class={sideOf(socket, port)}>
            <InlineMark socket={socket} port={port} />
            <strong>{socket.state}</strong>
            <span class="whose">{whoseIs(socket, words)}</span>
            <span class="ends">{endsOf(socket)}</span>
            {queuesOf(socket, words).map((text) => (
              <span class="queue" key={text}>
                {text}
              </span>
            ))}
            {leftMs === undefined ? null : <span class="left">{words.expires((leftMs / 1000).toFixed(1))}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** Draws again ten times a second, while something counts down. */
function useTicks(isNeeded: boolean): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!isNeeded) return undefined;
    const timer = setInterval(() => {
      setTick((tick) => tick + 1);
    }, 100);
    return () => {
      clearInterval(timer);
    };
  }, [isNeeded]);
}

function whoseIs({ actor, name, state }: KernelSocket, words: PageWords): string {
  // A connection that no process has, and that none has ever had.
  if (actor === null) return name === null && state === 'ESTABLISHED' ? words.queued : words.nobody;
  const who = actor === 'server' || actor === 'client' ? words.actors[actor] : actor;
  return name === null ? who : `${who}: ${name}`;
}

function endsOf({ local, remote }: KernelSocket): string {
  const from = `${local.address}:${String(local.port)}`;
  return remote.port === 0 ? from : `${from} → ${remote.address}:${String(remote.port)}`;
}

function queuesOf({ state, receiveQueue, sendQueue }: KernelSocket, words: PageWords): string[] {
  if (state === 'LISTEN') return [words.acceptQueue(receiveQueue, sendQueue)];
  return [
    ...(receiveQueue > 0 ? [words.receiveQueue(receiveQueue)] : []),
    ...(sendQueue > 0 ? [words.sendQueue(sendQueue)] : []),
  ];
}

interface PacketsProps {
  readonly packets: readonly PacketEvent[];
  readonly seen: true | string;
  readonly port: number;
  readonly words: PageWords;
}

const SHOWN = 14;

/** The last ones as a ladder: from the client on the left to the server on the right, and back. */
function Packets({ packets, seen, port, words }: PacketsProps): JSX.Element {
  if (seen !== true) return <p class="note">{words.packetsOff(seen)}</p>;
  if (packets.length === 0) return <p class="note">{words.noPackets}</p>;
  return (
    <div class="ladder">
      <div class="ladder-ends" aria-hidden="true">
        <span>{words.actors.server}</span>
        <span>{words.actors.client}</span>
      </div>
      <ol>
        {packets.slice(-SHOWN).map((packet) => {
          const isToServer = packet.to === port;
          const text = `${packet.flags.join(' ')}${packet.bytes > 0 ? ` +${String(packet.bytes)}` : ''}`;
          return (
            <li key={`${String(packet.atMs)} ${text}`} class={isToServer ? 'to-server' : 'to-client'}>
              <span class="sr-only">{isToServer ? '→ ' + words.actors.server : '→ ' + words.actors.client}</span>
              <span class={packet.flags.includes('RST') ? 'flags reset' : 'flags'}>{text}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
