import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADVICE_KINDS } from '../../../lib/doctor/diagnosis/advice.js';
import { PACKAGE_ROOT } from '../../support/programs.js';

const folder = join(PACKAGE_ROOT, 'test', 'doctor', 'advice');
const source = readdirSync(folder)
  .filter((name) => name.endsWith('.live.test.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join();
const tested = [...source.matchAll(/\badvised\(\s*'([a-z0-9-]+)'/g)].map(([, kind]) => kind);

test('each kind of advice has a test that follows it', () => {
  expect(ADVICE_KINDS.filter((kind) => !tested.includes(kind))).toEqual([]);
});

test('no kind is there twice', () => {
  expect(new Set(ADVICE_KINDS).size).toBe(ADVICE_KINDS.length);
});
