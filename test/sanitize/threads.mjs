#!/usr/bin/env node
// `npm run test:threads [JEST ARGUMENTS]`: the tests of blocking calls and of workers with the addon under
// ThreadSanitizer. Node itself is not: what it reports is about threads of ours, or about what we call. It needs g++ and its
// libtsan; dist/ has to be built.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, findHeaders } from '../../native/compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const libtsan = execFileSync('g++', ['-print-file-name=libtsan.so'], { encoding: 'utf8' }).trim();
if (!existsSync(libtsan)) {
  process.stderr.write("there is no libtsan.so: install the compiler's sanitizers (Debian: libtsan2 comes with g++)\n");
  process.exit(1);
}
const prebuild = join(root, '.cmake', 'tsan');
const addon = join(prebuild, 'build', 'Release', 'bsd_sockets.node');
const failure = compile(addon, { compiler: 'g++', headers: findHeaders(), flags: ['-fsanitize=thread', '-g', '-O1'] });
if (failure !== undefined) {
  process.stderr.write(failure);
  process.exit(1);
}

// The processes that the tests start write their reports there, too.
const reports = mkdtempSync(join(tmpdir(), 'bsd-sockets-tsan-'));
const tests = process.argv.length > 2 ? process.argv.slice(2) : ['blocking', 'test/workers'];
const { status } = spawnSync(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    ...[join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--runInBand', '--selectProjects', 'tests'],
    // ThreadSanitizer holds signals back until the next call that it knows: this counts them.
    '--testNamePattern=^(?!.*a signal gives one EINTR each)',
    ...['--testTimeout=60000', '--testPathPatterns', ...tests],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      BSD_SOCKETS_PREBUILD: prebuild,
      LD_PRELOAD: libtsan,
      TSAN_OPTIONS: `log_path=${join(reports, 'report')}:exitcode=0:suppressions=${join(root, 'test/sanitize/tsan.supp')}`,
    },
  },
);
const texts = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8'));
const ours = texts.flatMap((text) => text.split('==================\n')).filter((text) => text.includes('native/'));
rmSync(reports, { recursive: true });
for (const text of new Set(ours.map((one) => one.replace(/pid=\d+/g, '')))) console.log(text);
console.log(`${String(ours.length)} reports of ThreadSanitizer about native/`);
process.exit(status === 0 && ours.length === 0 ? 0 : 1);
