/** The page that a command writes with `--html FILE`. */
import { InvalidArgumentError, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { tellIn, type Language } from '../language.js';

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

/**
 * Writes a page and says where it is. Where that fails it says why, and the exit status is 1: the old page stays whole,
 * for the new one is written beside it, and takes its name when all of it is on the disk.
 */
export async function writePage(file: string, page: string, language: Language = 'en'): Promise<void> {
  const t = tellIn(language);
  try {
    await replace(file, page);
    process.stderr.write(`${t('The page is in', '网页写在')} ${file}\n`);
  } catch (error) {
    const code = codeOf(error);
    process.stderr.write(`${t(`The page could not be written to ${file}: ${code}`, `网页写不进 ${file}：${code}`)}\n`);
    process.exitCode = 1;
  }
}

async function replace(named: string, page: string): Promise<void> {
  const file = await realpath(named).catch(() => named); // through a link, the page that it leads to
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && !found.isFile()) return writeFile(file, page); // a pipe, /dev/stdout
  const beside = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomUUID()}`);
  try {
    await writeFile(beside, page, { flag: 'wx', flush: true, mode: found === undefined ? 0o666 : found.mode & 0o777 });
    await rename(beside, file);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error)) || found === undefined) throw error;
    await writeFile(file, page); // the folder takes no new file, the page itself may be written
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
