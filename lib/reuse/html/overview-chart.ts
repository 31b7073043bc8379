/** How many pairs of flags work beside each kind of socket, as a chart. */
import type { Tell } from '../../language.js';
import type { MatrixRow } from '../matrix/matrix.js';
import type { Markup } from './markup.js';
import { draw } from './plot.js';

const LINE_HEIGHT = 24;

/**
 * @param rows - the group of the states
 * @param nameOf - what a state is called
 */
export function overviewChart(
  rows: readonly MatrixRow[],
  t: Tell,
  nameOf: (existing: string) => string,
): Promise<Markup> {
  const states = [...new Set(rows.map(({ existing }) => existing))].map((existing) => {
    const all = rows.filter((row) => row.existing === existing);
    const worked = all.filter(({ result }) => result === 'ok').length;
    const [some, every] = [String(worked), String(all.length)];
    const text = t(`${some} of ${every}`, `${some} / ${every}`);
    return { existing: nameOf(existing), worked, all: all.length, text };
  });
  const list = states.map(({ existing, text }) => `${existing} ${text}`);
  const label = t(`How many binds worked: ${list.join(', ')}.`, `多少次 bind 成功：${list.join('，')}。`);
  return draw(label, (plot) => ({
    width: 420,
    height: LINE_HEIGHT * states.length + 8,
    margin: 4,
    marginLeft: 172,
    marginRight: 60,
    style: { fontSize: '12.5px', fontFamily: 'inherit', color: 'var(--ink)', background: 'none' },
    x: { axis: null, domain: [0, Math.max(...states.map(({ all }) => all))] },
    y: { label: null, domain: states.map(({ existing }) => existing), tickSize: 0, padding: 0.25 },
    marks: [
      plot.barX(states, { x: 'all', y: 'existing', fill: 'var(--bad-pale)', stroke: 'var(--bad)', strokeWidth: 0.5 }),
      plot.barX(states, { x: 'worked', y: 'existing', fill: 'var(--good)' }),
      plot.text(states, { x: 'all', y: 'existing', text: 'text', textAnchor: 'start', dx: 8, fill: 'var(--ink)' }),
    ],
  }));
}
