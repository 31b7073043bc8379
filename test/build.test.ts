import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './support/scripts.js';

const require = createRequire(import.meta.url);
const hasCmake = spawnSync('cmake', ['--version']).status === 0;

/** The names an addon exports, those inside its objects too. */
function exportsOf(file: string): string[] {
  const names = (prefix: string, object: object): string[] =>
    Object.entries(object).flatMap(([name, value]: [string, unknown]) => [
      `${prefix}${name}`,
      ...(typeof value === 'object' && value !== null && !(value instanceof ArrayBuffer)
        ? names(`${prefix}${name}.`, value)
        : []),
    ]);
  return names('', require(join(PACKAGE_ROOT, file)) as object).sort();
}

(hasCmake ? test : test.skip)(
  `the cmake-js build exports what the node-gyp build exports${hasCmake ? '' : ': skipped, there is no cmake'}`,
  () => {
    const { status, stderr } = spawnSync(process.execPath, ['native/build.mjs', '--cmake'], {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
    });
    expect([status, stderr.replace(/addon built in \d+ s\n/, '')]).toEqual([0, '']);
    expect(exportsOf('.cmake/plain/build/Release/bsd_sockets.node')).toEqual(
      exportsOf('build/Release/bsd_sockets.node'),
    );
  },
  180_000,
);
