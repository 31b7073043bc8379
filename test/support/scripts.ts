/** Scripts in processes of their own, for what blocks, ends or gets signals. */
import type { SpawnOptionsWithoutStdio } from 'node:child_process';
import { PACKAGE_ROOT, run, type Program } from './programs.js';

export { PACKAGE_ROOT, type Ended } from './programs.js';

/** Runs the ES module `code` with Node, from the package's folder; it is killed after 15 seconds. */
export function runScript(
  code: string,
  options: SpawnOptionsWithoutStdio = {},
  nodeOptions: readonly string[] = [],
): Program {
  return run(process.execPath, [...nodeOptions, '--input-type=module', '-e', code], { cwd: PACKAGE_ROOT, ...options });
}
