/** Standard output of a command. */

/** Prints lines. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Colour is for terminals whose user has not said NO_COLOR (https://no-color.org). */
export function isColorful(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
