import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePage } from '../../lib/cli/page-file.js';
import { answerOf, command, temporaryFolder } from '../support/programs.js';

const onLinux = process.platform === 'linux' ? test : test.skip;
const only = process.platform === 'linux' ? '' : ' (skipped: Linux only)';

describe('bsd-sockets compare --html', () => {
  onLinux(`writes a page with the timelines, beside what it prints anyway${only}`, async () => {
    const file = join(temporaryFolder(), 'page.html');
    writeFileSync(file, 'an old page');
    const { code, stdout, stderr } = await command('compare', '--json', '--html', file).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `The page is in ${file}\n` });
    const { runs } = JSON.parse(stdout) as { runs: object[] };
    expect(runs.map((run) => Object.keys(run))).toEqual(Array(4).fill(['first', 'second', 'result', 'evidence']));
    const page = readFileSync(file, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.split('<svg')).toHaveLength(1 + 4);
  });

  test.each([
    ['in a folder that is not there', 'no/page.html', 'ENOENT'],
    ['that is a folder', '.', 'It has to be a file.'],
  ])('refuses a file %s before it does anything: exit status 2', async (_, name, reason) => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await answerOf('compare', '--html', join(folder, name));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--html');
    expect(stderr).toContain(reason);
  });
});

describe('a page', () => {
  const isLinux = process.platform === 'linux';
  const canMount =
    isLinux && spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' }).status === 0;
  (canMount ? test : test.skip)(
    `that does not fit on the disk leaves the old one whole, and nothing beside it${canMount ? '' : ' (skipped: no file system can be mounted here)'}`,
    () => {
      const script = `
        import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
        import { writePage } from '${process.cwd()}/dist/lib/cli/page-file.js';
        writeFileSync('/mnt/page.html', 'the old page');
        await writePage('/mnt/page.html', 'x'.repeat(200_000));
        console.log(readFileSync('/mnt/page.html', 'utf8'), readdirSync('/mnt').join(), process.exitCode);`;
      const { stdout, stderr } = spawnSync(
        'unshare',
        [
          '-rm',
          'sh',
          '-c',
          'mount -t tmpfs -o size=64k none /mnt && exec "$0" --input-type=module -e "$1"',
          process.execPath,
          script,
        ],
        { encoding: 'utf8' },
      );
      expect(stdout).toBe('the old page page.html 1\n');
      expect(stderr).toContain('ENOSPC');
    },
  );

  test('takes the place of the old one, through a link, and keeps its rights', async () => {
    const folder = temporaryFolder();
    const [file, link] = [join(folder, 'page.html'), join(folder, 'link.html')];
    writeFileSync(file, 'old', { mode: 0o600 });
    symlinkSync('page.html', link);
    await writePage(link, 'new');
    expect([readFileSync(file, 'utf8'), lstatSync(link).isSymbolicLink(), statSync(file).mode & 0o777]).toEqual([
      'new',
      true,
      0o600,
    ]);
    expect(readdirSync(folder).sort()).toEqual(['link.html', 'page.html']);
  });
});
