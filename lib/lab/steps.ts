/**
 * The steps of the lab: one call each, as data, with its line of C and of TypeScript. Pure: the page, the processes
 * and the export use it.
 */

/** The two processes. */
export const ACTORS = ['server', 'client'] as const;
/** One of them. */
export type LabActor = (typeof ACTORS)[number];

/** The options that can be set. */
export const OPTIONS = ['SO_REUSEADDR', 'SO_REUSEPORT', 'SO_LINGER'] as const;
/** One of them. */
export type LabOption = (typeof OPTIONS)[number];

/** What shutdown(2) ends. */
export const HOWS = ['SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'] as const;
/** One of them. */
export type How = (typeof HOWS)[number];

/** What is done. `on` is the variable that holds the descriptor, in the actor's process: `'listener'`. */
export type Step = { readonly actor: LabActor } & (
  | { readonly call: 'socket'; readonly on: string }
  | {
      readonly call: 'setsockopt';
      readonly on: string;
      readonly option: LabOption;
      /** 1: on, 0: off. Of SO_LINGER 1: close waits no second, so that it sends RST. */
      readonly value: 0 | 1;
    }
  | { readonly call: 'bind'; readonly on: string }
  | { readonly call: 'listen'; readonly on: string; readonly backlog: number }
  | { readonly call: 'connect'; readonly on: string }
  /** `as` is the variable that takes the new descriptor. */
  | { readonly call: 'accept'; readonly on: string; readonly as: string }
  | { readonly call: 'send'; readonly on: string; readonly text: string }
  | { readonly call: 'recv'; readonly on: string; readonly size: number }
  | { readonly call: 'shutdown'; readonly on: string; readonly how: How }
  | { readonly call: 'close'; readonly on: string }
  /** The process ends, and the kernel closes what it had open; then a new one is started. */
  | { readonly call: 'restart' }
);

/** The names of the calls. */
export type StepCall = Step['call'];

/** The longest text that is sent, in bytes, and the most that are received at once. */
export const MOST_BYTES = 4096;
/** The largest backlog. */
export const MOST_BACKLOG = 4096;
/** The most sockets that a process has. */
export const MOST_SOCKETS = 64;

const NAME = /^[a-z][a-z0-9]{0,15}$/;
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const whole =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
/** Not empty, not too long, and nothing that a line of C could not show as it is. */
const isText: Check = (value) =>
  typeof value === 'string' && /^[^\p{Cc}\p{Cs}]+\n?$/u.test(value) && bytesOf(value) <= MOST_BYTES;
const isName: Check = (value) => typeof value === 'string' && NAME.test(value);

/** What each call needs besides `actor` and `call`. */
const FIELDS: Readonly<Record<StepCall, Readonly<Record<string, Check>>>> = {
  socket: { on: isName },
  setsockopt: { on: isName, option: oneOf(OPTIONS), value: oneOf([0, 1]) },
  bind: { on: isName },
  listen: { on: isName, backlog: whole(0, MOST_BACKLOG) },
  connect: { on: isName },
  accept: { on: isName, as: isName },
  send: { on: isName, text: isText },
  recv: { on: isName, size: whole(1, MOST_BYTES) },
  shutdown: { on: isName, how: oneOf(HOWS) },
  close: { on: isName },
  restart: {},
};

/** All calls, in the order of the article. */
export const CALLS = Object.keys(FIELDS) as StepCall[];

/**
 * The step that a request asks for: JSON from somebody else.
 *
 * @returns a new object with the fields of a step and no others; or the name of the field that is wrong
 */
export function asStep(given: unknown): Step | string {
  if (typeof given !== 'object' || given === null) return 'step';
  const fields = given as Fields;
  const { actor, call } = fields;
  if (!oneOf(ACTORS)(actor)) return 'actor';
  if (typeof call !== 'string' || !Object.hasOwn(FIELDS, call)) return 'call';
  const checks = Object.entries(FIELDS[call as StepCall]);
  const wrong = checks.find(([name, check]) => !Object.hasOwn(fields, name) || !check(fields[name]));
  if (wrong !== undefined) return wrong[0];
  return Object.fromEntries([
    ['actor', actor],
    ['call', call],
    ...checks.map(([name]) => [name, fields[name]]),
  ]) as Step;
}

/** One step in both languages. */
export interface Lines {
  readonly c: string;
  readonly ts: string;
}

/** A string literal that C and TypeScript both read as this text: it has no control characters but line feeds. */
export const quoted = (text: string): string => JSON.stringify(text);

/** What is shown beside a button and in the log: the call's line of C and of TypeScript. */
export function linesOf(step: Step, port: number): Lines {
  switch (step.call) {
    case 'socket':
      return {
        c: `int ${step.on} = socket(AF_INET, SOCK_STREAM, 0);`,
        ts: `const ${step.on} = socket(AF_INET, SOCK_STREAM);`,
      };
    case 'setsockopt':
      return optionLines(step.on, step.option, step.value);
    case 'bind':
    case 'connect':
      return {
        c: `${step.call}(${step.on}, &address, sizeof address);  // 127.0.0.1:${String(port)}`,
        ts: `${step.call}(${step.on}, { family: 'IPv4', address: '127.0.0.1', port: ${String(port)} });`,
      };
    case 'listen':
      return same(`listen(${step.on}, ${String(step.backlog)});`);
    case 'accept':
      return {
        c: `int ${step.as} = accept(${step.on}, NULL, NULL);`,
        ts: `const { fd: ${step.as} } = accept(${step.on});`,
      };
    case 'restart':
      return { c: 'exit(0);  // and start the program again', ts: 'process.exit();  // and start the program again' };
    default:
      return dataLines(step);
  }
}

const same = (line: string): Lines => ({ c: line, ts: line });

function optionLines(on: string, option: LabOption, value: 0 | 1): Lines {
  if (option === 'SO_LINGER')
    return {
      c: `setsockopt(${on}, SOL_SOCKET, SO_LINGER, &(struct linger){ ${String(value)}, 0 }, sizeof(struct linger));`,
      ts: `setsockopt(${on}, SOL_SOCKET, SO_LINGER, linger.encode({ onoff: ${String(value === 1)}, linger: 0 }));`,
    };
  return {
    c: `setsockopt(${on}, SOL_SOCKET, ${option}, &(int){ ${String(value)} }, sizeof(int));`,
    ts: `setsockopt(${on}, SOL_SOCKET, ${option}, ${String(value)});`,
  };
}

type DataStep = Extract<Step, { call: 'send' | 'recv' | 'shutdown' | 'close' }>;

function dataLines(step: DataStep): Lines {
  switch (step.call) {
    case 'send':
      return {
        c: `send(${step.on}, ${quoted(step.text)}, ${String(bytesOf(step.text))}, 0);`,
        ts: `send(${step.on}, Buffer.from(${quoted(step.text)}));`,
      };
    case 'recv':
      return {
        c: `recv(${step.on}, buffer, ${String(step.size)}, 0);`,
        ts: `recv(${step.on}, Buffer.alloc(${String(step.size)}));`,
      };
    case 'shutdown':
      return same(`shutdown(${step.on}, ${step.how});`);
    case 'close':
      return same(`close(${step.on});`);
  }
}
