// Packages to try things with: other runtimes and compilers. They go to .nodes/, once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The project's folder. */
export const ROOT = join(import.meta.dirname, '..', '..');

/**
 * Installs packages where they are not there yet.
 *
 * @param {string} name - a folder of .nodes/; '': itself
 * @param {string} last - one of the packages, by its name in node_modules: with it all are there
 * @param {string[]} packages - what `npm i` takes
 * @returns {string} the folder
 */
export function getTools(name, last, packages) {
  const folder = join(ROOT, '.nodes', name);
  if (existsSync(join(folder, 'node_modules', last))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['i', '--no-audit', '--no-fund', '--silent', ...packages];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error(`no tools to try it with: npm ${args.join(' ')}`);
  return folder;
}
