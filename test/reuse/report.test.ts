import { describe, expect, test } from '@jest/globals';
import { report, reportWait, toJson } from '../../lib/reuse/report.js';
import { COLORED, PLAIN } from '../../lib/paint.js';
import { comparison, timeWait } from './comparisons.js';

const ESCAPE = '\u001b';

describe('the report', () => {
  test('has a line for each pair of runs: flags, result, socket, time left', () => {
    const lines = report(comparison('no no no ok'), PLAIN);
    expect(lines.filter((line) => /^(on|off) /.test(line)).map((line) => line.split(/ {2,}/))).toEqual([
      ['off', 'off', 'EADDRINUSE', '127.0.0.1:40123', '127.0.0.1:50880', 'TIME_WAIT', '59.98 s'],
      ['off', 'on', 'EADDRINUSE', '127.0.0.1:40124', '127.0.0.1:50880', 'TIME_WAIT', '59.98 s'],
      ['on', 'off', 'EADDRINUSE', '127.0.0.1:40125', '127.0.0.1:50880', 'TIME_WAIT', '59.98 s'],
      ['on', 'on', 'ok', '127.0.0.1:40126', '127.0.0.1:50880', 'TIME_WAIT', '59.98 s'],
    ]);
  });

  test('fits 80 columns, whatever came of it', () => {
    for (const outcome of ['no no no ok', 'ok ok ok ok', 'no no no no', 'ok no ok no', 'EADDRNOTAVAIL no no ok']) {
      for (const line of report(comparison(outcome), PLAIN)) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  test('has the same text in colour', () => {
    const colourful = report(comparison('no no no ok'), COLORED).join('\n');
    expect(colourful).toContain(`${ESCAPE}[31mEADDRINUSE`);
    // eslint-disable-next-line no-control-regex -- that is what colours are
    expect(colourful.replace(/\u001b\[\d+m/g, '')).toBe(report(comparison('no no no ok'), PLAIN).join('\n'));
  });

  test('shows each socket where there are several on a port', () => {
    const { runs, ...rest } = comparison('no no no ok');
    const two = runs.map((run, index) => (index === 0 ? { ...run, evidence: [timeWait(1), timeWait(2)] } : run));
    expect(report({ ...rest, runs: two }, PLAIN).filter((line) => line.includes('TIME_WAIT  '))).toHaveLength(5);
  });

  test('says where nothing was on the port, and where that is not known', () => {
    expect(report(comparison('ok ok ok ok', null), PLAIN).join('\n')).toMatch(/ok {2,}nothing\n/);
    const unknown = { ...comparison('no ok no ok', null), evidenceError: 'EAFNOSUPPORT' };
    expect(report(unknown, PLAIN).join('\n')).toMatch(/EADDRINUSE {2,}not known\n/);
  });
});

describe('the report of the wait', () => {
  test('says how long it took, and how far that was from what the kernel had said', () => {
    expect(reportWait({ kernelSaidMs: 59_980, tookMs: 60_060, attempts: 280, tries: [] }).join(' ')).toBe(
      'The restart worked after 60.06 s, at attempt 280; the kernel had said 59.98 s: that is 0.08 s later.',
    );
    expect(reportWait({ kernelSaidMs: 59_980, tookMs: 59_970, attempts: 2, tries: [] }).join(' ')).toContain(
      '0.01 s earlier',
    );
  });

  test('says where the kernel had said nothing', () => {
    expect(reportWait({ kernelSaidMs: null, tookMs: 30_000, attempts: 1, tries: [] }).join(' ')).toContain(
      'had not said',
    );
  });
});

describe('the JSON', () => {
  test('has the runs with their evidence, and nothing of what is our own business', () => {
    const { runs, ...rest } = JSON.parse(toJson(comparison('no no no ok'))) as { runs: unknown[] };
    expect(rest).toEqual({ platform: 'linux', kernel: '6.18.0' });
    expect(runs).toHaveLength(4);
    expect(runs[0]).toEqual({
      first: 'off',
      second: 'off',
      result: 'EADDRINUSE',
      evidence: [
        {
          state: 'TIME_WAIT',
          local: { address: '127.0.0.1', port: 40123 },
          remote: { address: '127.0.0.1', port: 50880 },
          expiresInMs: 59_980,
        },
      ],
    });
  });

  test('has the wait, if there was one', () => {
    const wait = { kernelSaidMs: 59_980, tookMs: 60_060, attempts: 280 };
    const document: unknown = JSON.parse(toJson(comparison('no no no ok'), { ...wait, tries: [] }));
    expect(document).toHaveProperty('wait', wait);
  });
});
