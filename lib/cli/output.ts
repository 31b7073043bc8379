/** Standard output of a command. */

/** Prints lines. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/**
 * Colour is for terminals whose user has not said NO_COLOR (https://no-color.org). FORCE_COLOR (https://force-color.org)
 * wants it everywhere; 0 or false: nowhere, as in Node.
 */
export function isColorful(stream: { isTTY?: boolean }): boolean {
  const forced = process.env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
