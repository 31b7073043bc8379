/** What a page of the lab does, without a page: it opens a session, plays stories, and keeps the events. */
import { afterEach } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { EventEmitter, on } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { startLab, type Lab } from '../../lib/lab/server/lab-server.js';
import type { HelloEvent, KernelSocket, LabEvent, ReturnedEvent } from '../../lib/lab/protocol.js';
import type { Step } from '../../lib/lab/steps.js';
import type { StoryStep } from '../../lib/lab/stories/story.js';

const labs: Lab[] = [];
afterEach(async () => {
  await Promise.all(labs.splice(0).map((lab) => lab.close()));
});

/** Starts a lab in this process; it ends with the test. */
export async function lab(): Promise<Lab> {
  const started = await startLab(0, 'en');
  labs.push(started);
  return started;
}

/** An answer, whole. */
export interface Answered {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

/** Asks, with whatever headers. */
export async function ask(url: string, options: RequestOptions = {}, body?: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** One session. */
export class LabClient {
  readonly #url: string;
  readonly #news = new EventEmitter();
  readonly #stream: IncomingMessage;
  readonly events: LabEvent[] = [];

  constructor(url: string, stream: IncomingMessage) {
    this.#url = url;
    this.#stream = stream;
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (text + chunk).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('data: ')) this.events.push(JSON.parse(part.slice(6)) as LabEvent);
      this.#news.emit('news');
    });
    stream.on('error', () => undefined); // it was closed
    stream.once('close', () => this.#news.emit('news'));
  }

  /** The first event. */
  get hello(): HelloEvent {
    return this.events[0] as HelloEvent;
  }

  /** The sockets, as they were told last. */
  get sockets(): readonly KernelSocket[] {
    const last = this.events.findLast((event) => event.kind === 'sockets');
    return last?.kind === 'sockets' ? last.sockets : [];
  }

  /** The processes that there are. */
  get pids(): number[] {
    const told = this.events.flatMap((event) => (event.kind === 'actor' ? [event] : []));
    const ended = told.filter(({ state }) => state === 'ended').map(({ pid }) => pid);
    return told.map(({ pid }) => pid).filter((pid) => !ended.includes(pid));
  }

  /** Resolves with what is found in the events, as soon as it is. */
  async until<Found>(find: () => Found | undefined | false): Promise<Found> {
    const news = on(this.#news, 'news'); // before the first look: nothing is missed
    try {
      for (let found = find(); ; found = find()) {
        if (found !== undefined && found !== false) return found;
        if (this.#stream.closed) throw new Error(`the stream ended: ${JSON.stringify(this.events.slice(-5))}`);
        await news.next();
      }
    } finally {
      await news.return?.();
    }
  }

  /** Asks something of the session. */
  async ask(what: string): Promise<Answered> {
    return ask(`${this.#url}sessions/${this.hello.session}/${what}`);
  }

  /** Posts a step. */
  async post(step: unknown): Promise<Answered> {
    const url = `${this.#url}sessions/${this.hello.session}/steps`;
    return ask(url, { method: 'POST', headers: { 'Content-Type': 'application/json' } }, JSON.stringify(step));
  }

  /** Begins a call, and gives its number. */
  async begin(step: Step): Promise<number> {
    const { status, text } = await this.post(step);
    if (status !== 200) throw new Error(`${JSON.stringify(step)}: ${text}`);
    return (JSON.parse(text) as { call: number }).call;
  }

  /** Resolves when a call has returned. */
  async returned(call: number): Promise<ReturnedEvent> {
    return this.until(() => this.#returnedOf(call));
  }

  #returnedOf(call: number): ReturnedEvent | undefined {
    const found = this.events.find((event) => event.kind === 'returned' && event.call === call);
    return found?.kind === 'returned' ? found : undefined;
  }

  /** Makes a call, and resolves when it has returned. */
  async make(step: Step): Promise<ReturnedEvent> {
    return this.returned(await this.begin(step));
  }

  /** Plays steps as the page does; gives what each returned, in order: `'ok'`, or an error's code. */
  async play(steps: readonly StoryStep[]): Promise<string[]> {
    const calls: number[] = [];
    const waiting = new Map<string, number>();
    for (const { step, expect, until } of steps) {
      const before = waiting.get(step.actor);
      if (before !== undefined && step.call !== 'restart') await this.returned(before);
      waiting.delete(step.actor);
      const call = await this.begin(step);
      calls.push(call);
      if (expect === 'waits') waiting.set(step.actor, call);
      else await this.returned(call);
      if (until !== undefined) await this.until(() => this.count(until.state) >= (until.count ?? 1));
    }
    return calls.map((call) => {
      const returned = this.#returnedOf(call);
      return returned === undefined ? 'waits' : (returned.error?.code ?? 'ok');
    });
  }

  /** How many sockets are in a state. */
  count(state: string): number {
    return this.sockets.filter((one) => one.state === state).length;
  }

  /** Closes the stream, and with it the session. */
  close(): void {
    this.#stream.destroy();
  }
}

/** Opens a session; it ends with its lab. */
export async function openSession(url: string): Promise<LabClient> {
  const stream = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}events`, { agent: false }, resolve).on('error', reject);
  });
  const client = new LabClient(url, stream);
  await client.until(() => client.events.length > 0);
  return client;
}

/** Does a process live? A zombie does not. Linux only. */
export function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** What a browser sends with a handshake. */
export const KEY = randomBytes(16).toString('base64');
/** The headers of a handshake. */
const HEADERS = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': KEY,
};

/** What the server says to a handshake: a socket, or an answer. */
export async function handshake(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingMessage['headers']; socket?: Socket; first?: Buffer }> {
  const asked = request(url, { agent: false, headers: { ...HEADERS, ...headers } });
  asked.end();
  return new Promise((resolve, reject) => {
    asked.on('error', reject);
    asked.on('upgrade', (response, socket: Socket, first) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, socket, first }),
    );
    asked.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
  });
}
