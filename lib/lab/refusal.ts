/** Why a step is not made, in words. */
import type { Language } from '../language.js';
import { MOST_SOCKETS, type Step } from './steps.js';

/** The most calls of a session: all of them are kept for the export. */
export const MOST_CALLS = 2000;

/** The codes of {@link StepAnswer}. */
export type RefusalCode = 'ERR_LAB_STEP' | 'ERR_LAB_BUSY' | 'ERR_LAB_NAME' | 'ERR_LAB_SOCKETS' | 'ERR_LAB_CALLS';

/** Why a step is refused: of ERR_LAB_STEP the field that is wrong, of ERR_LAB_NAME the name. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly what?: string;
  /** Of a name: is it one that is there already? */
  readonly isTaken?: boolean;
}

type Words = (refusal: Refusal, actor: Step['actor'] | undefined) => string;

const SAY: Readonly<Record<Language, Readonly<Record<RefusalCode, Words>>>> = {
  en: {
    ERR_LAB_STEP: ({ what }) => `This is no step: its “${what ?? ''}” is wrong.`,
    ERR_LAB_BUSY: (_, actor) =>
      `The ${actor ?? 'process'} still waits in its last call. Restart it, or let the call return.`,
    ERR_LAB_NAME: ({ what, isTaken }, actor) =>
      isTaken === true
        ? `The ${actor ?? 'process'} has a socket “${what ?? ''}” already.`
        : `The ${actor ?? 'process'} has no socket “${what ?? ''}”.`,
    ERR_LAB_SOCKETS: (_, actor) => `The ${actor ?? 'process'} has ${String(MOST_SOCKETS)} sockets: close one first.`,
    ERR_LAB_CALLS: () => `A session has ${String(MOST_CALLS)} calls at most: begin a new one.`,
  },
  zh: {
    ERR_LAB_STEP: ({ what }) => `这不是一个步骤：“${what ?? ''}”有误。`,
    ERR_LAB_BUSY: (_, actor) => `${nameOf(actor)}仍在等待上一个调用返回。请重启它，或让该调用返回。`,
    ERR_LAB_NAME: ({ what, isTaken }, actor) =>
      isTaken === true
        ? `${nameOf(actor)}已经有套接字“${what ?? ''}”。`
        : `${nameOf(actor)}没有套接字“${what ?? ''}”。`,
    ERR_LAB_SOCKETS: (_, actor) => `${nameOf(actor)}已有 ${String(MOST_SOCKETS)} 个套接字：请先关闭一个。`,
    ERR_LAB_CALLS: () => `一个会话最多 ${String(MOST_CALLS)} 次调用：请开始新的会话。`,
  },
};

const nameOf = (actor: Step['actor'] | undefined): string => (actor === 'client' ? '客户端' : '服务器');

/** The refusal as a sentence. */
export function sayRefusal(refusal: Refusal, actor: Step['actor'] | undefined, language: Language): string {
  return SAY[language][refusal.code](refusal, actor);
}
