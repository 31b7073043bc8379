/** Our command on a terminal: script(1) makes one. */
import { test } from '@jest/globals';
import { spawnSync, type SpawnOptionsWithoutStdio } from 'node:child_process';
import { MAIN, run, type Program } from './programs.js';

/** Why there is no terminal here; '' where there is one. */
export const noScript = spawnSync('script', ['--version']).status === 0 ? '' : 'script(1) of util-linux is not here';

/** A test that needs a terminal. */
export function terminal(sentence: string, body: () => Promise<void>): void {
  (noScript === '' ? test : test.skip)(`${sentence}${noScript && ` (skipped: ${noScript})`}`, body);
}

/** Starts `bsd-sockets ARGS` on a terminal. The environment is what env(1) takes: `-u NAME`, `NAME=VALUE`. */
export function onTerminal(
  args: readonly string[],
  environment: readonly string[],
  options: SpawnOptionsWithoutStdio = {},
): Program {
  const words = ['env', ...environment, process.execPath, MAIN, ...args].map((word) => `'${word}'`);
  return run('script', ['-qec', words.join(' '), '/dev/null'], options);
}
