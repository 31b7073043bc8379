/** Where the package is, also from inside somebody's bundle. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { url } = { url: import.meta.url as string | undefined };

/** This file; in a bundle made for CommonJS, which has no import.meta, the bundle. */
export const HERE = url === undefined ? __filename : fileURLToPath(url);

/** The package's folder: two above this file, or where Node finds the package; undefined where it does not. */
export function packageRoot(): string | undefined {
  const root = join(dirname(HERE), '..', '..');
  if (existsSync(join(root, 'native', 'build.mjs'))) return root;
  try {
    return dirname(createRequire(HERE).resolve('bsd-sockets/package.json'));
  } catch {
    return undefined;
  }
}

/** A program of ours that is started, not imported: a file of its own, also for tests, since one file starts sooner than many. */
export function programFile(name: string): string {
  return join(packageRoot() ?? '', 'dist', 'cli', `${name}.js`);
}
