/** How this program is started by the user who runs it, so that what is advised can be typed. */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { quotedForShell } from '../../printable.js';
import { packageRoot } from '../../root.js';

const NAME = 'bsd-sockets';

/** The words that start this program in the user's shell, and behind sudo, which has a PATH of its own. */
export function ownCommand(environment: NodeJS.ProcessEnv = process.env): { program: string; programForRoot: string } {
  const root = packageRoot();
  // Inside somebody's bundle the package is not to be found: it can be had from the registry.
  if (root === undefined) return { program: `npx ${NAME}`, programForRoot: `npx ${NAME}` };
  const file = join(root, 'dist', 'cli', 'main.js');
  const main = realPath(file) ?? file;
  const absolute = `${quotedForShell(process.execPath)} ${quotedForShell(main)}`;
  if (leadsTo(find(NAME, environment['PATH']), main)) {
    // npm puts its folder in front for what it runs itself; the user's shell has no such entry.
    if (environment['npm_lifecycle_event'] === undefined && environment['npm_command'] === undefined)
      return { program: NAME, programForRoot: absolute };
    return { program: `npx ${NAME}`, programForRoot: absolute };
  }
  if (leadsTo(join('node_modules', '.bin', NAME), main)) return { program: `npx ${NAME}`, programForRoot: absolute };
  const node = leadsTo(find('node', environment['PATH']), realPath(process.execPath)) ? 'node' : undefined;
  return { program: node === undefined ? absolute : `${node} ${quotedForShell(main)}`, programForRoot: absolute };
}

function find(name: string, path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function leadsTo(file: string | undefined, main: string | undefined): boolean {
  return file !== undefined && existsSync(file) && realPath(file) === main;
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}
