/** What can be asked of a session: to make a step, why a call failed, and to be written down. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { explain } from '../../doctor/explain.js';
import { say } from '../../doctor/words/say.js';
import { LANGUAGES, type Language } from '../../language.js';
import { cProgram } from '../export/c-program.js';
import { script } from '../export/script.js';
import type { StepAnswer } from '../protocol.js';
import { sayRefusal, type Refusal } from '../refusal.js';
import type { Session } from '../session.js';
import { asStep, type Step } from '../steps.js';
import { answer, answerJson, headersOf, Refused } from './answer.js';
import { allow, readJson } from './guard.js';

/** A request for a session. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** The lab's language, where the query names none. */
  readonly language: Language;
}

const ROUTES: Readonly<Record<string, (session: Session, asked: Asked) => Promise<void> | void>> = {
  steps: answerStep,
  why: answerWhy,
  export: answerExport,
};

/** @throws Refused */
export async function answerSession(what: string, session: Session, asked: Asked): Promise<void> {
  const route = Object.hasOwn(ROUTES, what) ? ROUTES[what] : undefined;
  if (route === undefined) throw new Refused(404, 'There is nothing here.');
  await route(session, asked);
}

async function answerStep(session: Session, asked: Asked): Promise<void> {
  allow(asked.request, 'POST');
  const step = asStep(await readJson(asked.request));
  if (typeof step === 'string') {
    refuse(asked, 400, { code: 'ERR_LAB_STEP', what: step });
    return;
  }
  const made = session.make(step);
  if (typeof made === 'number') answerJson(asked.response, 200, { call: made } satisfies StepAnswer);
  else refuse(asked, 409, made, step.actor);
}

function refuse(asked: Asked, status: number, refusal: Refusal, actor?: Step['actor']): void {
  const { code } = refusal;
  const message = sayRefusal(refusal, actor, languageOf(asked));
  answerJson(asked.response, status, { code, message } satisfies StepAnswer);
}

/** @throws Refused 400 */
function languageOf({ query, language }: Asked): Language {
  const given = query.get('lang') ?? language;
  const found = LANGUAGES.find((one) => one === given);
  if (found === undefined) throw new Refused(400, `lang is ${LANGUAGES.join(' or ')}.`);
  return found;
}

function answerWhy(session: Session, asked: Asked): void {
  allow(asked.request, 'GET');
  const language = languageOf(asked);
  const number = asked.query.get('call') ?? '';
  const { called, returned } = session.calls.find(({ called: { call } }) => String(call) === number) ?? {};
  if (called === undefined || returned?.error === undefined) throw new Refused(404, 'No such call has failed.');
  const { code } = returned.error;
  const error = { code, syscall: called.step.call, address: '127.0.0.1', port: session.port };
  answerJson(asked.response, 200, { lines: say(explain(error, { protocol: 'tcp', language }), undefined, language) });
}

type Export = (session: Session, language: Language) => Promise<string> | string;

/** What a session is written down as: the file's name, its type, and what is in it. */
const EXPORTS: Readonly<Record<string, readonly [file: string, type: string, make: Export]>> = {
  c: ['lab.c', 'text/x-c', ({ calls, port }) => cProgram(calls, port)],
  ts: ['lab.mjs', 'text/javascript', ({ calls, port }) => script(calls, port)],
  page: ['lab.html', 'text/html', reportPage],
};

async function reportPage(session: Session, language: Language): Promise<string> {
  const { pageOf } = await import('../page/page.js');
  return pageOf({ language, recording: session.recording('bsd-sockets lab') }).html;
}

/** Always a file to keep: as a page of this server it could ask it. */
async function answerExport(session: Session, asked: Asked): Promise<void> {
  allow(asked.request, 'GET');
  const as = asked.query.get('as') ?? '';
  const found = Object.hasOwn(EXPORTS, as) ? EXPORTS[as] : undefined;
  if (found === undefined) throw new Refused(400, `as is ${Object.keys(EXPORTS).join(', ')}.`);
  const [file, type, make] = found;
  const text = await make(session, languageOf(asked));
  const headers = { ...headersOf(type), 'Content-Disposition': `attachment; filename="${file}"` };
  answer(asked.response, 200, headers, text);
}
