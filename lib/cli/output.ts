/** Standard output of a command. */

let isFirst = true;

/** Prints lines. */
export function print(lines: readonly string[]): void {
  write(`${lines.join('\n')}\n`);
}

/** Prints text. Where nobody reads it any more, as behind `| head -1`, the command ends, and says nothing of it. */
export function write(text: string): void {
  if (isFirst) {
    process.stdout.prependListener('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'EPIPE') process.exit();
    });
  }
  isFirst = false;
  process.stdout.write(text);
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
