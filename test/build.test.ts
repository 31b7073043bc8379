import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './support/programs.js';

test('native/unit.cc includes every source file', () => {
  const unit = readFileSync(join(PACKAGE_ROOT, 'native/unit.cc'), 'utf8');
  const included = [...unit.matchAll(/^#include "(.+)"$/gm)].map(([, name = '']) => name);
  const sources = readdirSync(join(PACKAGE_ROOT, 'native'), { recursive: true, encoding: 'utf8' });
  expect(included.sort()).toEqual(sources.filter((name) => name.endsWith('.cc') && name !== 'unit.cc').sort());
});
