import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../lib/doctor/diagnose.js';
import type { Observation } from '../../lib/doctor/kernel/observation.js';
import { say } from '../../lib/doctor/words/say.js';
import { COLORED } from '../../lib/paint.js';
import { holder, observation, PORT, timeWait } from './observations.js';

const text = (seen: Observation): string => say(diagnose(seen)).join('\n');
const program = { pid: 4242, command: 'node', commandLine: `node server.js ${'x'.repeat(200)}`, user: 'www' };

const CASES: readonly Observation[] = [
  observation('ok'),
  observation('busy', [timeWait(), holder({ ...program, reuseaddr: true, reuseport: false, flagsFrom: 'socket' })]),
  observation('busy ok busy ok', [timeWait()]),
  observation(
    'busy',
    Array.from({ length: 12_000 }, (_, index) => timeWait({ expiresInMs: index })),
  ),
  observation('busy ok busy ok', [holder({ ...program, state: 'CLOSE' })]),
  observation('busy', [holder({ ...program, state: 'ESTABLISHED', outgoing: true })]),
  observation('EACCES', [], { target: { protocol: 'tcp', address: { family: 'IPv4', address: '0.0.0.0', port: 80 } } }),
  observation('EADDRNOTAVAIL', [], {
    hostAddresses: Array.from({ length: 20 }, (_, index) => `10.0.0.${String(index)}`),
  }),
  observation('busy', [], { unread: [{ what: 'sockets', code: 'EAFNOSUPPORT' }] }),
];

describe('the text', () => {
  test.each(CASES.map((seen) => [diagnose(seen).verdict, seen] as const))('of %s fits into 80 columns', (_, seen) => {
    const lines = say(diagnose(seen));
    expect(lines[0]).toMatch(/^Port |^0\.0\.0\.0 /);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('tells the result of each bind', () => {
    const said = text(observation('busy ok busy ok', [timeWait()]));
    expect(said).toMatch(/without flags +no: EADDRINUSE\n/);
    expect(said).toMatch(/with SO_REUSEADDR +yes +the old socket has it too\n/);
    expect(said).toMatch(/with SO_REUSEPORT +no: EADDRINUSE +the old socket lacks it\n/);
    expect(said).toMatch(/with both +yes\n/);
  });

  test('tells the address that was tried', () => {
    expect(text(observation('ok'))).toContain('0.0.0.0:8080');
  });

  test('tells the process, its command, the user, the seconds that are left and how the flags are known', () => {
    const said = text(
      observation('busy', [holder({ ...program, reuseaddr: false, reuseport: false, flagsFrom: 'socket' })]),
    );
    expect(said).toContain('LISTEN 0.0.0.0:8080, user www');
    expect(said).toContain('node (PID 4242): node server.js');
    expect(said).toContain('SO_REUSEADDR off, SO_REUSEPORT off');
    const deduced = text(observation('busy', [timeWait()]));
    expect(deduced).toContain('43.2 s left');
    expect(deduced).toContain('SO_REUSEADDR off, SO_REUSEPORT off (so the binds below show)');
  });

  test('tells thousands of alike connections in one line', () => {
    const sockets = Array.from({ length: 12_000 }, () => timeWait());
    const said = say(diagnose(observation('busy', sockets)));
    expect(said.filter((line) => line.includes('TIME_WAIT 0.0.0.0:8080'))).toHaveLength(1);
    expect(said.join('\n')).toContain('12,000 connections');
    expect(said.length).toBeLessThan(40);
  });

  test("lets no process's name and no path speak to the terminal", () => {
    const evil = '\u001b[2J\u0007\u202e';
    const target = { protocol: 'unix', address: { family: 'Unix', path: `/tmp/${evil}` } } as const;
    const sockets = [
      holder({ pid: 1, command: evil, commandLine: evil, user: evil, local: { path: target.address.path } }),
    ];
    const said = text(observation('busy', sockets, { target, pathKind: 'socket', pathInUse: true }));
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(said.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  test('is the same with colours, but for them', () => {
    const diagnosis = diagnose(observation('busy ok busy ok', [timeWait()]));
    const colored = say(diagnosis, COLORED).join('\n');
    expect(colored).toContain('\u001b[31m');
    // eslint-disable-next-line no-control-regex -- the colours
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(say(diagnosis).join('\n'));
  });
});

test('a command that is too long for a line stays whole, so that it can be copied', () => {
  const programForRoot = `/usr/bin/node /home/somebody/${'a-long-folder/'.repeat(5)}main.js`;
  const said = say(diagnose(observation('busy', [holder()], { programForRoot })));
  expect(said).toContain(`    sudo ${programForRoot} why ${String(PORT)} --host 0.0.0.0`);
});
