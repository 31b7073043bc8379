import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, run } from './support/programs.js';
import { runScript } from './support/scripts.js';

const EXAMPLES = join(PACKAGE_ROOT, 'docs', 'examples');

describe('an example of the documentation', () => {
  test.each(readdirSync(EXAMPLES))('%s runs to its end and prints something', async (name) => {
    const { code, stdout, stderr } = await run(process.execPath, [join(EXAMPLES, name)]).ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });
});

test("the README's server serves the example client", async () => {
  const readme = readFileSync(join(PACKAGE_ROOT, 'README.md'), 'utf8');
  const code = /## A server in fifteen lines\s+```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const telling = code
    .replace('port: 12000', 'port: 0')
    .replace('import {', 'import { getsockname,')
    .replace('listen(server, 5);', '$& console.log(getsockname(server).port);');
  const server = runScript(telling);
  const [port = ''] = await server.says(/\d+/);
  const client = run(process.execPath, [join(PACKAGE_ROOT, 'dist/lib/cli/main.js'), 'client', '--port', port, 'hello']);
  expect((await server.ended).stdout).toContain('hello');
  await client.ended;
});
