import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, temporaryFolder } from '../support/programs.js';

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
    const { code, stdout, stderr } = await command('compare', '--html', join(folder, name)).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--html');
    expect(stderr).toContain(reason);
  });
});
