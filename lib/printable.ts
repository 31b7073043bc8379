/** Text of others that is printed on a terminal or in a page. Pure. */

const ASCII = /^[ -~]*$/;

/**
 * Control characters, separators of lines, what turns the direction of text (U+202E, U+200F, U+061C) and what is not seen
 * at all (U+200B, U+2060, U+FEFF, fillers, tags); half of a surrogate pair. Made when it is needed: that takes longer than
 * most of our modules do.
 */
function unprintable(): RegExp {
  return new RegExp('[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029]', 'gu');
}

/** Somebody else's text, harmless to the terminal and with nothing unseen: ESC becomes `\x1b`. */
export function printable(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(unprintable(), (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    if (hex.length > 4) return `\\u{${hex}}`;
    return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
  });
}

/** A word of a command for a shell. What cannot be printed is written as bytes, which takes `$'…'` of bash and zsh. */
export function quotedForShell(word: string): string {
  if (printable(word) !== word) {
    const bytes = (character: string): string =>
      [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
    return `$'${word.replace(/[\\']/g, '\\$&').replace(unprintable(), bytes)}'`;
  }
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
