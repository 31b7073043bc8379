/** Text in lines for a terminal. Pure. */
import { isWide, wrapColumns } from '../../language.js';

/** Lines are no longer than this, so that they fit into 80 columns. */
export const WIDTH = 79;

/**
 * Breaks text at spaces, Chinese between any two characters. A word that is longer than a line stays whole.
 *
 * @param first - what the first line begins with
 * @param others - what the other lines begin with; left out: the same
 */
export function wrap(text: string, first = '', others = first): string[] {
  if (isWide(text)) return wrapColumns(text, WIDTH, first, others);
  const lines: string[] = [];
  let line = first;
  let isBlank = true;
  for (const word of text.split(' ')) {
    if (!isBlank && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = others;
      isBlank = true;
    }
    line += isBlank ? word : ` ${word}`;
    isBlank = false;
  }
  return [...lines, line];
}
