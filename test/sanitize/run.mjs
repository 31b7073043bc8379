#!/usr/bin/env node
// `npm run test:sanitize [JEST ARGUMENTS]`: the addon under AddressSanitizer and UndefinedBehaviorSanitizer, then
//   1. every call with every argument, 60,000 calls without jest and without workers, leak detection on;
//   2. all tests, in one process; the processes that they start are sanitized as well.
// `npm run test:sanitize -- --engine [SECONDS [SEED]]`: the promise engine at random under them, on each backend.
// It needs cmake, g++ and its libasan; dist/ has to be built.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const libasan = execFileSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
if (!existsSync(libasan)) {
  process.stderr.write("there is no libasan.so: install the compiler's sanitizers (Debian: libasan8 comes with g++)\n");
  process.exit(1);
}

function run(args, options = {}) {
  const { status, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...options.env },
  });
  if (signal !== null) console.error(`${args[0]} ended with ${signal}`);
  return status === 0;
}

function sanitized(asan) {
  return {
    BSD_SOCKETS_PREBUILD: join(root, '.cmake', 'asan'),
    LD_PRELOAD: libasan,
    ASAN_OPTIONS: asan,
    LSAN_OPTIONS: `suppressions=${join(root, 'test', 'sanitize', 'lsan.supp')}:print_suppressions=0`,
    UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  };
}

if (!run([join('native', 'build.mjs'), '--sanitize'])) process.exit(1);
if (process.argv[2] === '--engine') {
  const driver = [join('dist', 'test', 'promises', 'random-engine-main.js'), ...process.argv.slice(3)];
  const backends = ['epoll', 'io_uring'].map((backend) =>
    run(driver, { env: { ...sanitized('detect_leaks=0'), BSD_SOCKETS_BACKEND: backend } }),
  );
  process.exit(backends.every(Boolean) ? 0 : 1);
}
const child = join('dist', 'test', 'hostile', 'child.js');
const seed = String(Date.now() % 1_000_000);
const promised = join('dist', 'test', 'hostile', 'promised.js');
const leakClean = [child, promised]
  .map((script) => run([script, '60000', seed], { env: sanitized('detect_leaks=1') }))
  .every(Boolean);
console.log(leakClean ? 'the calls are leak-clean' : 'the calls leak, or worse');

// LeakSanitizer stops a process to look at it, and crashes in one that ends with worker threads ("Tracer caught
// signal 11"): half of the tests are about such processes. Its other checks are on.
const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const seen = '--testPathIgnorePatterns=(/builds/|/hostile.test.js$)'; // the second was step 1; package.json's own do not count then
// What is asked for comes first: jest would take it for more patterns to ignore.
const passed = run([...flags, jest, ...process.argv.slice(2), '--runInBand', '--testTimeout=120000', seen], {
  env: sanitized('detect_leaks=0'),
});
process.exit(leakClean && passed ? 0 : 1);
