import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { listening } from '../../lib/lab/stories/build.js';
import { ask, lives, openSession } from '../lab/lab-client.js';
import { command, MAIN, run, temporaryFolder } from '../support/programs.js';

const linux = process.platform === 'linux' ? test : test.skip; // /proc tells which processes live

describe('bsd-sockets lab', () => {
  linux.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with %s, and all its processes with it: status 0',
    async (signal) => {
      const program = command('lab');
      const [url] = await program.says(/http:\S+/);
      const client = await openSession(url);
      for (const { step } of listening()) await client.make(step);
      await client.begin({ actor: 'server', call: 'accept', on: 'listener', as: 'connection' });
      program.child.kill(signal);
      expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
      expect(client.pids.filter(lives)).toEqual([]);
    },
  );

  test.each([
    ['en', 'Ctrl-C ends it.'],
    ['zh', '按 Ctrl-C 结束。'],
  ])('says in the language %s what it is, and its page has it too', async (lang, words) => {
    const program = command('lab', '--lang', lang);
    const [url] = await program.says(/http:\S+/);
    await program.says(words);
    expect((await ask(url)).text).toContain(`lang="${lang}`);
  });

  test('says who is in the way where its port is taken: status 1', async () => {
    const first = command('lab');
    const [, port = ''] = await first.says(/http:\/\/127\.0\.0\.1:(\d+)/);
    const { code, stdout, stderr } = await command('lab', '--port', port).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^the lab cannot listen: Address already in use\nwho has it: .* why /);
  });

  test('has its page opened with --open', async () => {
    const folder = temporaryFolder();
    const [program, told] = [process.platform === 'darwin' ? 'open' : 'xdg-open', join(folder, 'told')];
    writeFileSync(join(folder, program), `#!/bin/sh\nprintf '%s' "$1" > '${told}'\nexit 3\n`, { mode: 0o755 });
    const PATH = [folder, process.env['PATH'] ?? ''].join(delimiter);
    const lab = run(process.execPath, [MAIN, 'lab', '--open'], { env: { ...process.env, PATH } });
    const [url] = await lab.says(/http:\S+/);
    await lab.says(`${program} could not open it (exit status 3): open it yourself.`.replace(/[()]/g, '\\$&'));
    expect(readFileSync(told, 'utf8')).toBe(url);
  });

  test('says so, and goes on, where nothing can open a page', async () => {
    const lab = run(process.execPath, [MAIN, 'lab', '--open'], { env: { ...process.env, PATH: temporaryFolder() } });
    const [url] = await lab.says(/http:\S+/);
    await lab.says(/\(ENOENT\): open it yourself\./);
    expect((await ask(url)).status).toBe(200);
  });
});
