import { describe, expect, test } from '@jest/globals';
import { matrixPage } from '../../lib/reuse/html/matrix-page.js';
import { HOSTILE, matrix } from './pages.js';

const count = (text: string, part: string): number => text.split(part).length - 1;
const headline = (page: string): string => /<h1>(.*?)<\/h1>/s.exec(page)?.[1] ?? '';

describe('the page of the matrix', () => {
  test('says in its headline how many binds worked, and whether the model was right', async () => {
    const { rows, ...rest } = matrix();
    expect(headline(await matrixPage({ rows, ...rest }))).toBe(
      'A second socket on the same port: 3 of 40 binds worked on this Linux, 1 not as the model says',
    );
    const right = rows.map((row) => ({ ...row, model: row.result }));
    expect(headline(await matrixPage({ ...rest, rows: right }))).toContain('all as the model says');
  });

  test('has a cell for each row, with its reason, and a table of all of them', async () => {
    const page = await matrixPage(matrix());
    expect(count(page, '<input type="radio"')).toBe(40);
    expect(count(page, 'The old socket lacks the flag.')).toBe(2 * 40);
    expect(page).toContain('All 40 cells as a table');
  });

  test('names every cell once', async () => {
    const ids = [...(await matrixPage(matrix())).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(40);
  });

  test('marks by more than colour what differs, what the model does not know, and what listen refused', async () => {
    const page = await matrixPage(matrix());
    expect(page).toContain('✓ ≠');
    expect(page).toContain('The model says something else: EADDRINUSE.');
    expect(page).toContain('<small>?</small>');
    expect(page).toContain('EADDRINUSE from listen');
  });

  test('says what could not be measured', async () => {
    const none = { ...matrix(), rows: [], missing: [{ en: 'There is no IPv6 here.', zh: '这里没有 IPv6。' }] };
    const page = await matrixPage(none);
    expect(headline(page)).toBe('Nothing could be measured here');
    expect(page).toContain('There is no IPv6 here.');
  });

  test('asks the network for nothing, runs no script, and escapes every text', async () => {
    const rows = matrix().rows.map((row) => ({
      ...row,
      ...{
        existing: HOSTILE,
        existingAddress: HOSTILE,
        because: { en: HOSTILE, zh: HOSTILE },
        result: HOSTILE,
        model: HOSTILE,
      },
    }));
    const page = await matrixPage({
      ...matrix(),
      system: HOSTILE,
      kernel: HOSTILE,
      rows,
      missing: [{ en: HOSTILE, zh: HOSTILE }],
    });
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
  });
});
