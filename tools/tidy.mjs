#!/usr/bin/env node
// `npm run tidy`: clang-tidy on native/, with the flags of the build. What it looks for stands in .clang-tidy.
import { spawnSync } from 'node:child_process';
import { findHeaders, flagsFor, ROOT, UNIT } from '../native/compile.mjs';

const args = ['--quiet', UNIT, '--', '-x', 'c++', ...flagsFor(findHeaders())];
const { status, error } = spawnSync('clang-tidy', args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'] });
if (error) process.stderr.write(`clang-tidy is needed (Debian: apt-get install clang-tidy): ${error.message}\n`);
process.exit(status ?? 1);
