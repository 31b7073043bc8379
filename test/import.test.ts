import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, run } from './support/programs.js';

const API = join(PACKAGE_ROOT, 'dist', 'api');

/** The modules of Node that a program has loaded that does nothing but import a file of the package. */
async function loadedOfNode(file: string): Promise<string[]> {
  const script = `
    await import(${JSON.stringify(join(API, file))});
    const loaded = process.moduleLoadList.filter((name) => name.startsWith('NativeModule '));
    console.log(JSON.stringify(loaded.map((name) => name.slice('NativeModule '.length))));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]).ended;
  return JSON.parse(stdout) as string[];
}

test("import 'bsd-sockets' loads none of Node's own sockets and streams", async () => {
  const loaded = await loadedOfNode('index.js');
  expect(loaded).toContain('os');
  for (const name of ['net', 'dgram', 'stream', 'child_process', 'worker_threads']) expect(loaded).not.toContain(name);
});

test('nothing that can be imported opens another package', () => {
  const files = readdirSync(API).filter((name) => /\.c?js$/.test(name));
  expect(files).toContain('index.js');
  for (const file of files) {
    const text = readFileSync(join(API, file), 'utf8');
    const specifiers = [...text.matchAll(/(?:\bfrom|\bimport|\brequire\()\s*["']([^"'\s]+)["']/g)].map(
      ([, name]) => name,
    );
    expect(specifiers.filter((name) => !/^(node:|\.\/)/.test(name ?? ''))).toEqual([]);
  }
});
