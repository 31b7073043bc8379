/** The language of reports. Pure, but for the environment that is passed in. */

/** The languages that there are: English and Chinese. */
export const LANGUAGES = ['en', 'zh'] as const;

/** One of them. */
export type Language = (typeof LANGUAGES)[number];

/** What the environment asks for, as locale(7) says: LC_ALL before LC_MESSAGES before LANG. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /^zh([_.@-]|$)/i.test(locale) ? 'zh' : 'en';
}

/** Chooses what is told in a language, a sentence or a part of a page: both stand side by side, so that they tell the same. */
export type Tell = <Told>(english: Told, chinese: Told) => Told;

/** The chooser of a language. */
export const tellIn =
  (language: Language): Tell =>
  (english, chinese) =>
    language === 'zh' ? chinese : english;

/** A sentence in each language. */
export type InEach = Readonly<Record<Language, string>>;

/** Characters that take two columns of a terminal: Chinese ones, and their punctuation. */
const RANGES =
  '\\u1100-\\u115f\\u2e80-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6';
const WIDE = new RegExp(`[${RANGES}]`);
/** What stays together on a line: a word or one such character, and the punctuation after it. */
const PIECE = new RegExp(` ?(?:[“（]?(?:[^\\s“（${RANGES}]+|[${RANGES}]))[”，。、；：？！）]*`, 'g');

/** How many columns of a terminal a text takes. */
export function columns(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** A part of a Chinese sentence: a space stands only beside what is not Chinese. */
export function spaced(text: string): string {
  const gap = (character: string): string => (WIDE.test(character) ? '' : ' ');
  return `${gap(text.charAt(0))}${text}${gap(text.charAt(text.length - 1))}`;
}

/** Has it any that take two? */
export const isWide = (text: string): boolean => WIDE.test(text);

/** The text, or as much of it as fits into that many columns, with `…` after it. */
export function cutColumns(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let [cut, taken] = ['', 0];
  for (const character of text) {
    taken += columns(character);
    if (taken > width - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/** As `padEnd`, in columns. */
export function padColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/**
 * Breaks Chinese text into lines of a terminal: between any two characters, but not before punctuation.
 *
 * @param first - what the first line begins with
 * @param others - what the other lines begin with; left out: the same
 */
export function wrapColumns(text: string, width: number, first = '', others = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isBlank = true;
  for (const piece of text.match(PIECE) ?? []) {
    if (!isBlank && columns(line + piece) > width) {
      lines.push(line);
      line = others;
      isBlank = true;
    }
    line += isBlank ? piece.trimStart() : piece;
    isBlank = false;
  }
  return [...lines, line];
}
