import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STORIES } from '../../lib/lab/stories/index.js';
import type { StoryStep } from '../../lib/lab/stories/story.js';
import { freePorts } from '../reuse/leftovers.js';
import { compileFile } from '../support/compiler.js';
import { PACKAGE_ROOT, temporaryFolder } from '../support/programs.js';
import { lab, LabClient, openSession } from './lab-client.js';
import { procSockets } from './proc-tcp.js';

const linux = process.platform === 'linux' ? test : test.skip; // elsewhere no list of sockets can be read
const RUNS = STORIES.flatMap(({ id, runs }) =>
  runs.map(({ title, steps }) => [`${id}: ${title.en}`, steps] as [string, readonly StoryStep[]]),
);

/** A call that waits is in the end as the kernel has it, and that is told by what follows. */
const expected = (steps: readonly StoryStep[]): string[] =>
  steps.map(({ expect: code }) => (code === 'waits' ? 'ok' : code));

const toldSockets = (client: LabClient): string[] =>
  client.sockets
    .filter(({ state }) => state !== 'CLOSE') // bound only: /proc/net/tcp has none
    .map(({ state, local, remote }) => `${state} ${String(local.port)} ${String(remote.port)}`)
    .sort();

/** Why did that fail? Of each call that did, in both languages. */
const questionsOf = (client: LabClient): string[] =>
  client.events.flatMap((event) =>
    event.kind === 'returned' && event.error !== undefined
      ? ['en', 'zh'].map((lang) => `why?call=${String(event.call)}&lang=${lang}`)
      : [],
  );

const folder = temporaryFolder();

/** What the exported program prints, in C and as a script. */
async function outputs(client: LabClient, name: string): Promise<{ c: string; script: string }> {
  const [c, script] = await Promise.all(['c', 'ts'].map((as) => client.ask(`export?as=${as}`)));
  const source = join(folder, `${name}.c`);
  const program = join(folder, name);
  writeFileSync(source, c?.text ?? '');
  compileFile(['-std=c99', '-pedantic', source], program);
  const [portOfC, portOfScript] = [String(freePorts()), String(freePorts())];
  const options = { encoding: 'utf8', timeout: 15_000, cwd: PACKAGE_ROOT, killSignal: 'SIGKILL' } as const;
  return {
    c: execFileSync(program, [portOfC], options),
    script: execFileSync(process.execPath, ['--input-type=module', '-', portOfScript], {
      ...options,
      input: script?.text ?? '',
    }),
  };
}

/** What the programs should print, of what the lab told: the words of errors stand there. */
function lineOf(client: LabClient, call: number): string {
  const called = client.events.find((event) => event.kind === 'called' && event.call === call);
  const returned = client.events.find((event) => event.kind === 'returned' && event.call === call);
  if (called?.kind !== 'called' || returned?.kind !== 'returned') return '';
  const { step } = called;
  const label = `${called.actor} ${step?.call ?? ''}`;
  if (returned.error !== undefined) return `${label}: ${returned.error.message}`;
  const { result, text = '' } = returned;
  const bytes = `${String(result)} bytes${text === '' ? '' : `: ${text}`}`;
  return `${label}: ${step?.call === 'send' || step?.call === 'recv' ? bytes : 'ok'}`;
}

describe('a story of the lab', () => {
  linux.each(RUNS.map((run, index) => [...run, index] as const))(
    'ends as it says, the kernel is as told, the doctor says why a call failed, and the export, a C program and a script, ' +
      'prints what was seen (%s)',
    async (_, steps, index) => {
      const client = await openSession((await lab()).url);
      const results = await client.play(steps);
      expect(results).toEqual(expected(steps));
      for (const question of questionsOf(client)) {
        const { status, text } = await client.ask(question);
        expect([status, (JSON.parse(text) as { lines: string[] }).lines.length > 1]).toEqual([200, true]);
      }
      const { port } = client.hello;
      await client.until(() => toldSockets(client).join() === procSockets(port).join());

      const { c, script } = await outputs(client, `story${String(index)}`);
      expect(script).toBe(c);
      const lines = steps.map((__, at) => lineOf(client, at + 1));
      expect(c.trimEnd().split('\n').sort()).toEqual(lines.sort());
    },
  );
});
