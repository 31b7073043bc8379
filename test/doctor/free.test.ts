import { describe, expect, test } from '@jest/globals';
import {
  AF_INET,
  bind,
  getsockopt,
  listen,
  setsockopt,
  SO_REUSEADDR,
  SOCK_STREAM,
  socket,
  SOL_SOCKET,
} from 'bsd-sockets';
import { free, rescue, why } from 'bsd-sockets/doctor';
import { spawnSync } from 'node:child_process';
import { planFor } from '../../lib/doctor/diagnosis/plan.js';
import { diagnose } from '../../lib/doctor/diagnose.js';
import { freePorts } from '../reuse/leftovers.js';
import { whyNoDescriptorsOfOthers } from '../support/other-process.js';
import { runScript } from '../support/scripts.js';
import { tellIn } from '../../lib/language.js';
import { sayStep } from '../../lib/doctor/words/step-words.js';
import { closeNow, closing, tcp, thrownBy } from '../support/sockets.js';
import { until } from '../support/until.js';
import { holder, observation, timeWait } from './observations.js';
import { bound, connected, listeningProgram, portInTimeWait, portOf } from './situations.js';

const whyNot = process.platform === 'linux' ? whyNoDescriptorsOfOthers() : 'Linux only';
const suite = whyNot === '' ? describe : describe.skip;
const at = (port: number): { port: number; address: string } => ({ port, address: '127.0.0.1' });
const uid = process.geteuid?.() ?? -1;

suite(`free${whyNot && ` (skipped: ${whyNot})`}`, () => {
  test('has nothing to do where the port is free', async () => {
    expect(await free(freePorts())).toMatchObject({ freed: true, steps: [] });
  });

  test('ends the program that has it, and binds', async () => {
    const { program, port } = await listeningProgram();
    const { freed, steps } = await free(at(port));
    expect(freed).toBe(true);
    expect(steps.at(-1)).toMatchObject({ do: expect.stringContaining('with SIGTERM'), result: 'ok' });
    await program.ended;
    expect(program.child.signalCode).toBe('SIGTERM');
  });

  test('lets a stopped one go on first', async () => {
    const { program, port } = await listeningProgram();
    program.child.kill('SIGSTOP');
    await until(() => why(at(port)).holders[0]?.stopped === true);
    expect((await free(at(port))).freed).toBe(true);
    await program.ended;
  });

  test('kills only if it is told to', async () => {
    const program = runScript(`
      import { createServer } from 'node:net';
      process.on('SIGTERM', () => console.log('no'));
      const server = createServer().listen(0, '127.0.0.1', () => console.log('port', server.address().port));`);
    const port = Number((await program.says(/port (\d+)\n/))[1]);
    const kept = await free(at(port), { graceMs: 100 });
    expect(kept).toMatchObject({ freed: false, diagnosis: { verdict: 'listening' } });
    expect(kept.steps.at(-1)?.result).toContain('not ended after SIGTERM');
    expect(await free(at(port), { graceMs: 100, force: true })).toMatchObject({ freed: true });
    await program.ended;
    expect(program.child.signalCode).toBe('SIGKILL');
  });

  test('does nothing with dryRun, or where the answer is no', async () => {
    const { program, port } = await listeningProgram();
    const would = await free(at(port), { dryRun: true });
    expect(would).toMatchObject({ freed: false, steps: [{ do: expect.stringContaining('SIGTERM') }] });
    let asked: readonly string[] = [];
    expect(await free(at(port), { confirm: (steps) => ((asked = steps), false) })).toMatchObject({ freed: false });
    expect(asked).toEqual(would.steps.map((step) => step.do));
    expect(why(at(port)).verdict).toBe('listening');
    program.child.kill();
    await program.ended;
  });

  test('never touches this process, or what it was started by', async () => {
    const fd = bound();
    listen(fd);
    const { freed, steps } = await free(at(portOf(fd)), { force: true });
    expect(freed).toBe(false);
    expect(steps).toMatchObject([{ do: expect.stringContaining('this very process'), result: 'not done' }]);
  });

  test('sets the flag on a server without it, so that its restart with the flag needs no wait', async () => {
    const program = runScript(`
      import * as s from 'bsd-sockets';
      const server = s.socket(s.AF_INET, s.SOCK_STREAM);
      s.bind(server, { family: 'IPv4', address: '127.0.0.1', port: 0 });
      s.listen(server, 1);
      console.log('port', s.getsockname(server).port);
      setInterval(() => {}, 1000);
      process.stdin.once('data', () => console.log('accepted', s.accept(server).fd));`);
    const port = Number((await program.says(/port (\d+)\n/))[1]);
    expect(why(at(port)).holders).toMatchObject([{ reuseaddr: false }]);
    expect(rescue(program.child.pid ?? 0)).toEqual({ sockets: 1, changed: 1 });
    expect(rescue(program.child.pid ?? 0)).toEqual({ sockets: 1, changed: 0 });
    expect(why(at(port)).holders).toMatchObject([{ reuseaddr: true }]);
    program.child.kill();
    await program.ended;
  });

  test('of another process that it may not trace: rescue says EPERM; of none: ESRCH', async () => {
    const { child, ended } = runScript('process.stdin.resume()');
    const pid = child.pid ?? 0;
    child.kill('SIGKILL');
    await ended;
    expect(thrownBy(() => rescue(pid)).code).toBe('ESRCH');
    for (const wrong of [0, -1, 1.5, NaN, 2 ** 31]) expect(thrownBy(() => rescue(wrong)).code).toBe('ERR_OUT_OF_RANGE');
  });

  const canDestroy = uid === 0 && spawnSync('ss', ['-K', 'dst', '203.0.113.1'], { stdio: 'ignore' }).status === 0;
  (canDestroy ? test : test.skip)(
    `ends what is in TIME_WAIT at once, as root${canDestroy ? '' : ' (skipped: it takes root, and ss -K)'}`,
    async () => {
      const port = portInTimeWait();
      const { freed, steps } = await free(at(port));
      expect({ freed, results: steps.map(({ result }) => result) }).toEqual({ freed: true, results: ['ok'] });
      const fd = closing(socket(AF_INET, SOCK_STREAM));
      bind(fd, { family: 'IPv4', ...at(port) });
    },
  );

  test('refuses options that make no sense', async () => {
    for (const options of [
      { force: 1 },
      { dryRun: 'yes' },
      { graceMs: -1 },
      { graceMs: NaN },
      { confirm: 1 },
      { signal: {} },
    ]) {
      await expect(free(1, options as object)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) });
    }
  });
});

describe('the plan', () => {
  const who = { uid: 1000, ownLine: [50, 40], force: false };

  test('waits for what is over; as root ends it, unless that could not be done', () => {
    const found = diagnose(observation('busy', [timeWait()]));
    expect(planFor(found, who)).toEqual([{ kind: 'wait', ms: 43_210 }]);
    expect(planFor(found, { ...who, uid: 0 })).toMatchObject([{ kind: 'destroy' }]);
    expect(planFor(found, { ...who, uid: 0, cannotDestroy: true })).toMatchObject([{ kind: 'wait' }]);
  });

  test.each([
    [{ pid: 1 }, 'first process'],
    [{ pid: 40 }, 'above this very process'],
    [{ pid: 7, ignoresTerm: true }, 'only SIGKILL'],
    [
      {
        pid: 7,
        manager: { kind: 'systemd', name: 'the systemd unit a.service', stop: 'systemctl stop a.service', root: true },
      },
      'takes root',
    ],
  ] as const)('refuses %j: %s', (given, because) => {
    const steps = planFor(diagnose(observation('busy', [holder({ ...given, command: 'x' })])), who);
    expect(steps).toMatchObject([{ kind: 'refuse' }]);
    expect(steps.map((step) => sayStep(step, tellIn('en'))).join()).toContain(because);
  });

  test.each([
    ['where it sees no socket', [], 1000, 'only by root'],
    ['where it sees no socket, as root', [], 0, 'no process that can be seen'],
    ['what the kernel closes', [holder({ state: 'FIN_WAIT1', inode: 0 })], 1000, 'the kernel itself still closes it'],
    ['what a program of another user has', [holder({ inode: 5 })], 1000, 'only by root'],
  ])('refuses %s', (_, holders, uid, because) => {
    const steps = planFor(diagnose(observation('busy', holders)), { ...who, uid });
    expect(steps).toMatchObject([{ kind: 'refuse' }]);
    expect(steps.map((step) => sayStep(step, tellIn('en'))).join()).toContain(because);
  });

  test('asks the supervisor, where there is one', () => {
    const manager = { kind: 'docker', name: 'the docker container ab', stop: 'docker stop ab' } as const;
    expect(planFor(diagnose(observation('busy', [holder({ pid: 7, manager })])), who)).toMatchObject([
      { kind: 'ask', manager },
    ]);
  });
});

test('a connection keeps the flag that it was given, whoever gave it', () => {
  const { server, client, listening } = connected();
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, true);
  const port = portOf(listening);
  for (const fd of [server, client, listening]) closeNow(fd);
  const again = tcp();
  setsockopt(again, SOL_SOCKET, SO_REUSEADDR, true);
  bind(again, { family: 'IPv4', ...at(port) });
  expect(getsockopt(again, SOL_SOCKET, SO_REUSEADDR)).not.toBe(0);
});
