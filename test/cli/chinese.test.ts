/** Both languages tell the same, and neither speaks the other's. */
import { describe, expect, test } from '@jest/globals';
import { bind, IPPROTO_TCP, listen, setsockopt, TCP_LINGER2 } from 'bsd-sockets';
import { listPorts, why } from 'bsd-sockets/doctor';
import { diagnose } from '../../lib/doctor/diagnose.js';
import type { Diagnosis } from '../../lib/doctor/diagnosis/diagnosis.js';
import type { Refusal, Step } from '../../lib/doctor/diagnosis/plan.js';
import type { Holder, Manager, Observation } from '../../lib/doctor/kernel/observation.js';
import { listLines } from '../../lib/doctor/words/list-lines.js';
import { say } from '../../lib/doctor/words/say.js';
import { sayResult, sayStep } from '../../lib/doctor/words/step-words.js';
import { columns, tellIn } from '../../lib/language.js';
import { holder, observation, PORT, timeWait } from '../doctor/observations.js';
import { bound, connected, listeningProgram, portInTimeWait, portOf } from '../doctor/situations.js';
import { freePorts } from '../reuse/leftovers.js';
import { command, MAIN, run } from '../support/programs.js';
import { closeNow, tcp, thrownBy } from '../support/sockets.js';

const isLinux = process.platform === 'linux';
const onLinux = isLinux ? test : test.skip;
const only = isLinux ? '' : ' (skipped: Linux only)';
const LANGUAGES = ['en', 'zh'] as const;

const manager = (kind: Manager['kind'], name: string, stop = 'docker stop ab'): Manager => ({ kind, name, stop });
const program: Partial<Holder> = { pid: 42, command: 'node', commandLine: 'node server.js', user: 'www' };
const unix = (path: string): Partial<Observation> => ({
  target: { protocol: 'unix', address: { family: 'Unix', path } },
});
const low = { target: { protocol: 'tcp', address: { family: 'IPv4', address: '0.0.0.0', port: 80 } } } as const;
const remote = { address: '192.0.2.1', port: 443 };
const udp = { target: { protocol: 'udp', address: { family: 'IPv4', address: '0.0.0.0', port: 53 } } } as const;
const crowd = Array.from({ length: 12_000 }, (_, index) => timeWait({ expiresInMs: index }));

const CASES: readonly Observation[] = [
  observation('ok'),
  observation('ok', [], unix('/tmp/a')),
  observation('busy', [
    holder({ ...program, stopped: true, inheritable: true, startedAtMs: 0, device: 'eth0', interfaceIndex: 2 }),
  ]),
  observation('busy', [
    holder({
      ...program,
      ignoresTerm: true,
      mainThreadEnded: true,
      parents: [{ pid: 1, command: 'init' }],
      inheritable: true,
    }),
  ]),
  observation(
    'busy',
    [1, 2, 3].map((pid) => holder({ ...program, pid, reuseaddr: true, reuseport: false })),
  ),
  observation('busy', [holder({ ...program, uid: 33, unheld: true })], { uid: 0 }),
  observation('busy', [holder({ pid: 1, command: 'x' })]),
  observation('busy', [holder({ uid: 33, user: 'www' })]),
  observation('busy busy ok ok', [holder({ ...program, reuseport: true })]),
  observation('busy busy busy ok', [holder({ ...program })]),
  observation('busy ok busy ok', [holder({ ...program, state: 'CLOSE' })]),
  observation('busy ok ok ok', [holder({ ...program, state: 'CLOSE', local: { address: '0.0.0.0', port: 53 } })], udp),
  observation(
    'busy busy ok ok',
    [holder({ ...program, state: 'CLOSE', local: { address: '0.0.0.0', port: 53 } })],
    udp,
  ),
  observation('busy ok busy ok', [holder({ ...program, state: 'ESTABLISHED', remote, outgoing: true })], {
    portRange: [1, 65535],
  }),
  observation('busy ok busy ok', [holder({ ...program, state: 'ESTABLISHED', remote }), timeWait()]),
  observation('busy', [holder({ state: 'LAST_ACK', remote, inode: 0 })]),
  observation('busy ok busy ok', [timeWait()]),
  observation('busy', [timeWait({ outgoing: true })]),
  observation('busy', crowd),
  observation('busy'),
  observation('busy', [], { unread: [{ what: 'sockets', code: 'EAFNOSUPPORT' }] }),
  ...['processes', 'hidden', 'flags'].flatMap((what) =>
    ['EACCES', 'ENOENT', 'ENOSYS'].map((code) =>
      observation('busy', [holder()], { unread: [{ what: what as 'flags', code }] }),
    ),
  ),
  observation('busy', [holder()], { bindsIPv4: { none: 'ok', reuseaddr: 'ok', reuseport: 'ok', both: 'ok' } }),
  observation('EACCES', [], low),
  observation('EACCES'),
  observation('EACCES', [], unix('/tmp/a')),
  observation('EADDRNOTAVAIL', [], { hostAddresses: ['127.0.0.1', '10.0.0.1'] }),
  observation('EINVAL'),
  observation('ENOENT', [], unix('/no/where')),
  ...(['file', 'folder', 'link', 'device', 'nothing'] as const).map((pathKind) =>
    observation('busy', [], { ...unix('/tmp/a'), pathKind }),
  ),
  observation('busy', [], { ...unix('/tmp/a'), pathKind: 'socket', pathInUse: false }),
  observation('busy', [], { ...unix('/tmp/a'), pathKind: 'socket' }),
  observation('busy', [holder({ ...program, local: { path: '\0a' } })], {
    ...unix('\0a'),
    pathKind: 'abstract',
    pathInUse: true,
  }),
  ...(
    [
      ['systemd', 'the systemd unit web.service'],
      ['docker', 'the docker container ab'],
      ['podman', 'the podman container ab'],
      ['docker-proxy', 'docker, which publishes the port for a container'],
      ['container', 'the container ab'],
      ['kubernetes', 'a pod of Kubernetes, which starts it again'],
      ['pm2', 'pm2'],
      ['watcher', 'a watcher'],
      ['parent', 'python3'],
    ] as const
  ).map(([kind, name]) => observation('busy', [holder({ ...program, manager: { ...manager(kind, name), pid: 77 } })])),
];

/** A sentence without the command that it ends with. */
const prose = (text: string): string =>
  text.replace(/(: |：)(?=(?:sudo|kill|rm|ss|mkdir|docker|setsockopt|bsd-sockets|authbind|sysctl|close)\b).*$/, '$1');
const ENGLISH = /\b[a-z]{2,}[,;]? [a-z]{2,}[,;]? [a-z]{2,}\b/i;
const CHINESE = /[\u3400-\u9fff]/;

/** What does not depend on the language: numbers, and names of flags, states and errors. */
const facts = (text: string): string[] =>
  [...new Set(text.replaceAll(',', '').match(/\d+(?:\.\d+)?|\b[A-Z][A-Z_0-9]{3,}\b/g) ?? [])].sort();

const sentencesOf = ({ summary, freeWhen, advice, notes }: Diagnosis): string[] => [
  summary,
  freeWhen,
  ...advice.flatMap((one) => [one.do, one.because]),
  ...notes,
];

function expectPair(english: string, chinese: string): void {
  expect({
    english,
    chinese,
    isEnglish: !CHINESE.test(english),
    isChinese: CHINESE.test(chinese) || !/[a-z]{4}/i.test(chinese),
  }).toEqual({
    english,
    chinese,
    isEnglish: true,
    isChinese: true,
  });
  expect(prose(chinese)).not.toMatch(ENGLISH);
  expect([english, facts(chinese)]).toEqual([english, facts(english)]);
}

describe('in both languages', () => {
  test('each situation is told with the same facts, and no sentence of the other one', () => {
    for (const seen of CASES) {
      const [english, chinese] = [diagnose(seen, 'en'), diagnose(seen, 'zh')];
      expect(chinese.advice.map(({ kind }) => kind)).toEqual(english.advice.map(({ kind }) => kind));
      const [one, other] = [sentencesOf(english), sentencesOf(chinese)];
      expect(other).toHaveLength(one.length);
      for (const [index, sentence] of one.entries()) expectPair(sentence, other[index] ?? '');
    }
  });

  test('the text of each has the same sections and fits into 80 columns, but for commands', () => {
    for (const seen of CASES) {
      const [english, chinese] = LANGUAGES.map((language) => say(diagnose(seen, language), undefined, language));
      const headings = (lines: readonly string[] = []): number => lines.filter((line) => /^[^\s]/.test(line)).length;
      // The first sentence may take two lines in one language.
      expect(Math.abs(headings(chinese) - headings(english))).toBeLessThanOrEqual(1);
      for (const line of chinese ?? []) {
        if (!/^ {4}\S*(?:sudo|kill|bsd-sockets|authbind)/.test(line)) expect(columns(line)).toBeLessThanOrEqual(80);
        expect(prose(line)).not.toMatch(ENGLISH);
      }
    }
  });

  test('so is each step of the cure, and what became of it', () => {
    const refusals: readonly Refusal[] = [
      'no-holder',
      'kernel',
      'unseen',
      'only-root-sees',
      'first-process',
      'this-process',
      'above',
      'manager-of-root',
      'ignores-term',
    ];
    const held = holder({ ...program, manager: manager('systemd', 'the systemd unit a.service', 'systemctl stop a') });
    const steps: readonly Step[] = [
      { kind: 'set-flag', pid: 42, command: 'node' },
      { kind: 'stop', pid: 42, command: 'node', inodes: [], stopped: true, kill: true },
      { kind: 'ask', manager: manager('docker', 'the docker container ab'), inodes: [] },
      { kind: 'destroy', sockets: [timeWait(), timeWait()] },
      { kind: 'remove', path: '/tmp/a' },
      { kind: 'wait', ms: 4321 },
      ...refusals.map((because): Step => ({ kind: 'refuse', why: because, process: held })),
    ];
    for (const step of steps) expectPair(sayStep(step, tellIn('en')), sayStep(step, tellIn('zh')));
    for (const result of ['SIGTERM', 'SIGKILL'])
      expectPair(sayResult(result, tellIn('en')), sayResult(result, tellIn('zh')));
    expect(sayResult('EPERM', tellIn('zh'))).toBe('EPERM');
  });

  test('so is the list of ports', () => {
    const one = { protocol: 'tcp', address: '::', port: PORT, sockets: 1, uid: 0, startedAtMs: 0 } as const;
    const ports = [
      { ...one, state: 'LISTEN', pid: 42, command: 'node', stopped: true, reuseaddr: false, reuseport: false },
      { ...one, state: 'CLOSE', user: 'www' },
      { ...one, protocol: 'udp', state: 'ESTABLISHED' },
      ...Array.from({ length: 20 }, (_, index) => ({ ...one, state: 'TIME_WAIT', port: index + 1 }) as const),
    ] as const;
    const [english, chinese] = LANGUAGES.map((language) => listLines(ports, 80, language, 86_400_000 * 9));
    expect(chinese).toHaveLength(english?.length ?? 0);
    for (const [index, line] of (english ?? []).entries()) {
      if (line !== '') expectPair(line, chinese?.[index] ?? '');
      expect(columns(chinese?.[index] ?? '')).toBeLessThanOrEqual(80);
    }
  });

  test('a language that there is not is refused', () => {
    for (const language of ['fr', 1]) {
      const options = { language } as unknown as { language: 'zh' };
      for (const call of [() => why(80, options), () => listPorts(options)]) {
        expect(thrownBy(call).code).toBe('ERR_INVALID_ARG_VALUE');
      }
    }
  });
});

describe('with --lang zh, or where LANG says so,', () => {
  const inChinese = (...args: string[]): ReturnType<typeof run> =>
    run('/usr/bin/env', ['LC_ALL=zh_CN.UTF-8', process.execPath, MAIN, ...args]);

  function expectChinese(text: string): void {
    expect(text).toMatch(CHINESE);
    for (const line of text.split('\n')) expect(columns(line)).toBeLessThanOrEqual(80);
    const own = text
      .split('\n')
      .filter((line) => !line.includes('(PID ') && !/^\s*(?:- [^：]*：)?(?:node|\/)/.test(line));
    for (const line of own) expect(prose(line)).not.toMatch(ENGLISH);
  }

  test('why', async () => {
    for (const port of [freePorts(), portInTimeWait()]) {
      expectChinese((await command('why', String(port), '--lang', 'zh').ended).stdout.replace(/^.*--watch$/gm, ''));
      expectChinese((await inChinese('why', String(port)).ended).stdout.replace(/^.*--watch$/gm, ''));
    }
  });

  test('--json is as in English', async () => {
    const port = String(freePorts());
    const [english, chinese] = await Promise.all([
      command('why', port, '--json', '--lang', 'en').ended,
      inChinese('why', port, '--json').ended,
    ]);
    expect(chinese.stdout).toBe(english.stdout);
  });

  onLinux(`the list${only}`, async () => {
    listen(bound());
    const { stdout } = await inChinese('why').ended;
    expect(stdout.split('\n')[0]).toMatch(/^ +地址 +状态 +已运行 +标志 +进程$/);
  });

  onLinux(`--watch, and what it ends with${only}`, async () => {
    const { listening, server } = connected();
    const port = portOf(listening);
    setsockopt(server, IPPROTO_TCP, TCP_LINGER2, 1);
    for (const fd of [server, listening]) closeNow(fd);
    const { code, stdout, stderr } = await inChinese('why', String(port), '--host', '127.0.0.1', '--watch').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('正在等待。') });
    expect(stdout).toMatch(new RegExp(`端口 ${String(port)} 在 127\\.0\\.0\\.1 上空闲。\n$`));
    bind(tcp(), { family: 'IPv4', address: '127.0.0.1', port });
  });

  onLinux(`free: what it would do, what it asks, and what it did${only}`, async () => {
    const { program: server, port } = await listeningProgram();
    const args = ['free', String(port), '--host', '127.0.0.1'];
    const would = await inChinese(...args, '--dry-run').ended;
    expect(would.stdout).toMatch(/会这样做：\n {2}- 用 SIGTERM 结束 node \(PID \d+\)。\n$/);
    expectChinese(would.stdout);
    const unasked = inChinese(...args);
    unasked.input('');
    expect((await unasked.ended).stderr).toBe('什么也没做：没有人可以问。加上 --yes 就会做。\n');
    const done = await inChinese(...args, '--yes').ended;
    expectChinese(done.stdout);
    expect(done.stdout).toMatch(new RegExp(`：成功。\n端口 ${String(port)} 在 127\\.0\\.0\\.1 上空闲。\n$`));
    await server.ended;
  });
});
