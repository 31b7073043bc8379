/** Answers of the lab's HTTP server. */
import type { ServerResponse } from 'node:http';

/** Nothing is kept, guessed, framed or told to others. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
} as const;

/** What is no page may do nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** A request that is not answered as it wants: a status, and one line that says why. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, line: string, headers: Readonly<Record<string, string>> = {}) {
    super(line);
    this.status = status;
    this.headers = headers;
  }
}

/** The headers of an answer. */
export function headersOf(type: string, policy = NOTHING): Record<string, string> {
  return { ...HEADERS, 'Content-Security-Policy': policy, 'Content-Type': `${type}; charset=utf-8` };
}

/** Answers with a text, whole. */
export function answer(response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answer(response, status, headersOf('application/json'), JSON.stringify(value));
}

/** Says why not, and closes the connection: what is left of the request is not read. */
export function answerRefused(response: ServerResponse, { status, message, headers }: Refused): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  answer(response, status, { ...headersOf('text/plain'), ...headers, Connection: 'close' }, `${message}\n`);
}

/** What is said of a failure that nobody has foreseen. */
export const oneLine = (error: unknown): string => `The lab failed: ${String(error).replaceAll('\n', ' ')}`;
