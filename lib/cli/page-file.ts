/** The page that a command writes with `--html FILE`. */
import { InvalidArgumentError, Option } from 'commander';
import { accessSync, constants, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** The option `--html FILE`. A file that cannot be written is refused before anything is measured. */
export function htmlOption(): Option {
  return new Option('--html <file>', 'also writes it as a page for the browser, into one file').argParser(parseFile);
}

function parseFile(text: string): string {
  const file = resolve(text);
  const found = statSync(file, { throwIfNoEntry: false });
  if (text === '' || found?.isDirectory()) throw new InvalidArgumentError('It has to be a file.');
  try {
    accessSync(found ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be written: ${codeOf(error)}.`);
  }
  return file;
}

/** Writes a page and says where it is. Where that fails it says why, and the exit status is 1. */
export async function writePage(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
    process.stderr.write(`The page is in ${file}\n`);
  } catch (error) {
    process.stderr.write(`The page could not be written to ${file}: ${codeOf(error)}\n`);
    process.exitCode = 1;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
