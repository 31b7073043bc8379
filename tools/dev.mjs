#!/usr/bin/env node
// `npm run dev`: watches. TypeScript is compiled as it is saved, the addon when something in native/ changes, and then the
// tests run that have to do with what was compiled. Ctrl-C ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(modules, 'jest/bin/jest.js')];

const run = async (args) =>
  (await once(spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }), 'exit'))[0] === 0;
const buildAddon = () => run([join('native', 'build.mjs')]);

const changed = new Set();
let addonChanged = false;
let busy = false;

/** Builds and tests what has changed, until nothing has. */
async function work() {
  if (busy) return;
  busy = true;
  while (addonChanged || changed.size > 0) {
    const addon = addonChanged;
    const files = [...changed].filter((file) => existsSync(file));
    addonChanged = false;
    changed.clear();
    if (addon && !(await buildAddon())) continue;
    if (addon)
      await run([...jest, '--selectProjects', 'tests', '--testPathPatterns', '/(syscalls|conformance|families)/']);
    if (files.length > 0) {
      await run([join('tools', 'bundle.mjs')]); // scripts and commands that tests start
      await run([...jest, '--selectProjects', 'tests', '--passWithNoTests', '--findRelatedTests', ...files]);
    }
  }
  busy = false;
  console.log('Waiting for changes. Ctrl-C ends it.');
}

await buildAddon();
mkdirSync(join(root, 'dist'), { recursive: true });
watch(join(root, 'native'), { recursive: true }, (_, name) => {
  addonChanged ||= /\.(cc|h)$/.test(name ?? '');
  if (addonChanged) void work();
});
for (const folder of ['lib', 'test']) {
  mkdirSync(join(root, 'dist', folder), { recursive: true });
  watch(join(root, 'dist', folder), { recursive: true }, (_, name) => {
    if (name?.endsWith('.js')) changed.add(join(root, 'dist', folder, name));
  });
}

const tsc = spawn(
  process.execPath,
  [join(modules, 'typescript/bin/tsc'), '--watch', '--preserveWatchOutput', '--pretty'],
  {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let first = true;
for await (const line of createInterface({ input: tsc.stdout })) {
  console.log(line);
  if (!/Found \d+ errors?/.test(line)) continue;
  if (first) changed.clear(); // that was everything
  first = false;
  await run([join('tools', 'bundle.mjs')]);
  void work();
}
