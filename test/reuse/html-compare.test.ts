import { describe, expect, test } from '@jest/globals';
import { comparePage } from '../../lib/reuse/html/compare-page.js';
import { comparison } from './comparisons.js';
import { HOSTILE } from './pages.js';
import { WAITED, withTimelines } from './timelines.js';

const OUTCOMES = Array.from({ length: 16 }, (_, bits) =>
  [8, 4, 2, 1].map((bit) => (bits & bit ? 'ok' : 'no')).join(' '),
);
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('the page of a comparison', () => {
  test('says in its headline what was found, whatever that is', async () => {
    const headlines = await Promise.all(
      OUTCOMES.map(async (outcome) => /<h1>(.*?)<\/h1>/s.exec(await comparePage(comparison(outcome)))?.[1]),
    );
    expect(headlines[OUTCOMES.indexOf('no no no ok')]).toContain('only if both runs set SO_REUSEADDR');
    expect(headlines[OUTCOMES.indexOf('ok no no ok')]).toBe('Of four restarted servers two got the port back');
    expect(headlines.every((text) => text !== undefined && text.length > 20)).toBe(true);
  });

  test('has a chart for each pair of runs, with a table that says the same', async () => {
    const page = await comparePage(withTimelines(comparison('no no no ok')));
    expect(count(page, '<svg')).toBe(4);
    expect(count(page, 'All calls and states as a table')).toBe(4);
    expect(page).toContain('close connection');
    expect(page).toContain('every 10 ms or so (NETLINK_SOCK_DIAG, 20 times or more for each port)');
  });

  test('shows the wait, attempt by attempt', async () => {
    const page = await comparePage(withTimelines(comparison('no no no ok')), WAITED);
    expect(count(page, '<svg')).toBe(6);
    expect(page).toContain('The restart worked after 60.04 s, at attempt 61');
    expect(page).toContain('All 61 attempts as a table');
  });

  test('is there also where no moments were recorded, or the kernel says nothing', async () => {
    const page = await comparePage(comparison('ok ok ok ok', null), { ...WAITED, kernelSaidMs: null });
    expect(page).toContain('The moments were not recorded.');
    expect(page).toContain('On the port at the restart: nothing known');
  });

  test('asks the network for nothing, and runs no script', async () => {
    const page = await comparePage(withTimelines(comparison('no no no ok')), WAITED);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/);
  });

  test('escapes every text', async () => {
    const made = withTimelines(comparison('no no no ok'));
    const [run, ...rest] = made.runs;
    if (!run?.timeline) throw new Error('no run');
    const [call, ...calls] = run.timeline.calls;
    if (!call) throw new Error('no call');
    const evil = {
      ...run,
      result: HOSTILE,
      timeline: {
        ...run.timeline,
        calls: [{ ...call, name: HOSTILE, result: HOSTILE }, ...calls],
        states: run.timeline.states.map((span) => ({ ...span, state: HOSTILE })),
      },
    };
    const page = await comparePage({ ...made, system: HOSTILE, kernel: HOSTILE, runs: [evil, ...rest] });
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
  });
});
