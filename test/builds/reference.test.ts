import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, run, temporaryFolder } from '../support/programs.js';

test('the API reference can be made: nothing in it lacks words, and every raw call stands in a family', async () => {
  const file = join(temporaryFolder(), 'api.json');
  const { code, stderr } = await run('node_modules/.bin/typedoc', ['--logLevel', 'Warn', '--json', file], {
    cwd: PACKAGE_ROOT,
  }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { children } = JSON.parse(readFileSync(file, 'utf8')) as {
    children: { name: string; groups: { title: string; children: unknown[] }[] }[];
  };
  const titles = children.find(({ name }) => name === 'index')?.groups.map(({ title }) => title) ?? [];
  expect(titles).toEqual(expect.arrayContaining(['Sockets and their addresses', 'Sending and receiving', 'Structs']));
  expect(titles.filter((title) => /^(Functions|Variables|Classes|Interfaces|Type Aliases)$/.test(title))).toEqual([]);
}, 120_000);
