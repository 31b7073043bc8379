/** What the report of a matrix says, in English. */
import { wrap } from '../../doctor/words/wrap.js';
import type { Language } from '../../language.js';
import type { Flags } from '../../doctor/kernel/observation.js';
import { agreement, example, FLAGS, otherErrors } from './accounts.js';
import type { Matrix, MatrixRow } from './matrix.js';
import { CHINESE } from './matrix-words-zh.js';

/** The words of one language. A line of text is broken with `wrap`. */
export interface MatrixWords {
  readonly headline: string;
  readonly measured: string;
  readonly intro: string;
  readonly flags: string;
  readonly flagNames: Readonly<Record<Flags, string>>;
  readonly worked: string;
  readonly bindFailed: string;
  readonly listenFailed: string;
  readonly otherError: string;
  readonly differs: string;
  readonly sections: Readonly<Record<MatrixRow['group'], string>>;
  readonly oldSocket: string;
  readonly old: string;
  readonly new: string;
  /** What is on the port: `MatrixRow.existing`. */
  readonly existing: (name: string) => string;
  readonly states: readonly string[];
  readonly how: string;
  readonly noFlags: string;
  readonly withFlags: (flags: string) => string;
  readonly same: string;
  readonly all: (count: number) => string;
  readonly addresses: string;
  readonly accepted: string;
  readonly example: (rows: readonly MatrixRow[]) => string[];
  readonly otherErrors: (rows: readonly MatrixRow[]) => string[];
  readonly agreement: (matrix: Matrix) => string[];
  readonly where: string;
  readonly wrap: (text: string, others?: string) => string[];
}

const ENGLISH: MatrixWords = {
  flagNames: FLAGS,
  headline: 'When does bind() say "Address already in use"?',
  measured: 'Measured a moment ago on this machine:',
  intro:
    'A socket has a port: the old one. A new socket wants the same port: bind(), and if that works listen(). ' +
    'Both belong to the same user. Who set which flag?',
  flags: '  -  no flag     A  SO_REUSEADDR     P  SO_REUSEPORT     AP  both',
  worked: 'it worked',
  bindFailed: 'bind() failed: EADDRINUSE, "Address already in use"',
  listenFailed: 'bind() worked, but listen() failed: EADDRINUSE',
  otherError: 'another error: they are listed at the end',
  differs: 'behind a mark: the model expects something else',
  sections: {
    states: '1. What the old socket does',
    addresses: '2. Their addresses',
    accepted: '3. Which flag counts, who may listen, and UDP',
  },
  oldSocket: 'the old socket:',
  old: 'old',
  new: 'new',
  existing: (name) => name,
  states: [
    '  LISTEN       a server waits for clients',
    '  ESTABLISHED  it talks with one; its listening socket is closed already',
    '  FIN_WAIT2    it has closed its end of the connection, the client has not;',
    '               orphan: no process holds the end any more',
    '  CLOSE_WAIT   the client has closed, the server has not',
    '  TIME_WAIT    both have closed, the server first: the kernel keeps its end for',
    '               a while. Where the client is first, TIME_WAIT is on its port',
    '  reset        the client broke the connection off',
  ],
  how: 'Left: where the old socket listens. Above: where the new one wants the port.',
  noFlags: 'No flags:',
  withFlags: (flags) => `With ${flags} on both sockets:`,
  same: 'the same.',
  all: (count) => `✓ for all ${String(count)}.`,
  addresses:
    '0.0.0.0 is all of IPv4; :: is all of IPv6, and of IPv4 too, unless it is V6ONLY (IPV6_V6ONLY). ::ffff:127.0.0.1 ' +
    'is 127.0.0.1 for an IPv6 socket.',
  accepted: 'The accepted socket is what accept() gave the server: it ends in TIME_WAIT, the listener does not.',
  example,
  otherErrors,
  agreement,
  where: 'Why is each cell as it is? --html FILE writes a page that says it; --json too.',
  wrap: (text, others = '') => wrap(text, '', others),
};

/** The words of a language. */
export const MATRIX_WORDS: Readonly<Record<Language, MatrixWords>> = { en: ENGLISH, zh: CHINESE };
