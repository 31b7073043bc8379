#!/usr/bin/env node
// What the package has for those whose platform has no prebuilt binary: binding.gyp under another name (npm would run it at
// each install), and the headers of node-addon-api.
import { copyFileSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const headers = dirname(createRequire(import.meta.url).resolve('node-addon-api/package.json'));
const copy = join(root, 'native', 'node-addon-api');

copyFileSync(join(root, 'binding.gyp'), join(root, 'native', 'addon.gyp'));
mkdirSync(copy, { recursive: true });
for (const name of readdirSync(headers).filter((file) => /^(napi.*\.h|LICENSE\.md)$/.test(file))) {
  cpSync(join(headers, name), join(copy, name));
}
