import { describe, expect, test } from '@jest/globals';
import { headline, sentences } from '../../lib/reuse/sentences.js';
import { comparison, timeWait } from './comparisons.js';

const OUTCOMES = Array.from({ length: 16 }, (_, bits) =>
  [8, 4, 2, 1].map((bit) => (bits & bit ? 'ok' : 'no')).join(' '),
);

describe('the three sentences', () => {
  test.each(OUTCOMES)('for the outcome %s are three, each with one end', (outcome) => {
    for (const sentence of sentences(comparison(outcome))) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
    expect(
      sentences(comparison(outcome))
        .join(' ')
        .split(/\.(?= |$)/),
    ).toHaveLength(4);
  });

  test.each([
    ['no no no ok', 'both runs needed the flag'],
    ['no ok no ok', 'the flag of the restart alone decided'],
    ['no no ok ok', 'the flag of the first run alone decided'],
    ['no ok ok ok', 'the flag in one of the two runs was enough'],
    ['ok ok ok ok', 'every restart worked'],
    ['no no no no', 'no restart worked'],
    ['ok no no ok', 'no simple rule'],
  ])('for the outcome %s say: %s', (outcome, words) => {
    expect(sentences(comparison(outcome))[2]).toContain(words);
  });

  test('say "both runs" for no other outcome than that', () => {
    const others = OUTCOMES.filter((outcome) => outcome !== 'no no no ok');
    for (const outcome of others) expect(sentences(comparison(outcome))[2]).not.toContain('both runs needed');
  });

  test('count the restarts and name their errors', () => {
    expect(sentences(comparison('no EACCES no ok'))[1]).toBe(
      'Of the four restarts one got the port (on/on) and three were refused with ' +
        'EADDRINUSE, "Address already in use" and EACCES.',
    );
    expect(sentences(comparison('ok ok ok ok'))[1]).toContain('none was refused.');
  });

  test('give the shortest time that was left, never more than was measured', () => {
    expect(sentences(comparison('no no no ok', 59_989))[0]).toContain('with 59.98 s or more to go');
  });

  test('say in how many cases there was TIME_WAIT', () => {
    const { runs, ...rest } = comparison('no ok ok ok', null);
    const one = runs.map((run, index) => (index === 0 ? { ...run, evidence: [timeWait(1000)] } : run));
    expect(sentences({ ...rest, runs: one })[0]).toContain('in one of the four cases');
    expect(sentences(comparison('ok ok ok ok', null))[0]).toContain('no socket in TIME_WAIT');
  });

  test('state no rule where TIME_WAIT was not seen in all four runs', () => {
    for (const outcome of OUTCOMES) {
      const { runs, ...rest } = comparison(outcome);
      const unseen = runs.map((run, index) => (index === 2 ? { ...run, evidence: [] } : run));
      const [, , last] = sentences({ ...rest, runs: unseen });
      expect(last).toContain('TIME_WAIT was not seen at the restart in each of the runs');
      expect(last).not.toMatch(/alone|needed|enough|no difference/);
      expect(headline({ ...rest, runs: unseen })).toMatch(/^Of four restarted servers/);
    }
  });

  test('say nothing about TIME_WAIT where no list of sockets could be read', () => {
    const [was] = sentences({ ...comparison('no ok no ok', null), system: 'Darwin', evidenceError: 'EAFNOSUPPORT' });
    expect(was).toContain('not known');
    expect(was).not.toContain('TIME_WAIT');
  });
});
