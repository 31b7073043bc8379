/** The wait for the end of TIME_WAIT, as charts. */
import type { Tell } from '../../language.js';
import type { Try, Waited } from '../comparison.js';
import type { Markup } from './markup.js';
import { draw } from './plot.js';

const SIZE = { width: 400, height: 230, marginLeft: 44, marginRight: 16, marginTop: 28, marginBottom: 40 };
const STYLE = { fontSize: '12px', fontFamily: 'inherit', color: 'var(--ink)', background: 'none' };
const LAST_MS = 1000;

/** All of it, in seconds: the time that the kernel still gave, and each attempt. */
export function waitChart({ tries, tookMs }: Waited, label: string, t: Tell): Promise<Markup> {
  const all = tries.map(({ atMs, result, remainingMs }) => ({
    seconds: atMs / 1000,
    left: remainingMs === null ? null : remainingMs / 1000,
    result,
    title: title(atMs, result, t),
  }));
  const refused = all.filter(({ result }) => result !== 'ok');
  const end = [{ seconds: tookMs / 1000, left: 0, text: '✓ bind' }];
  return draw(label, (plot) => ({
    ...SIZE,
    style: STYLE,
    x: {
      label: t('seconds after the refused restart', '重启被拒绝后的秒数'),
      labelAnchor: 'center',
      labelArrow: false,
      nice: true,
    },
    y: {
      label: t('↑ seconds of TIME_WAIT left, by the kernel', '↑ 内核说 TIME_WAIT 还剩的秒数'),
      zero: true,
      grid: true,
    },
    marks: [
      plot.lineY(refused, { x: 'seconds', y: 'left', stroke: 'var(--wait-edge)', strokeWidth: 2.5 }),
      plot.tickX(refused, { x: 'seconds', insetTop: 148, stroke: 'var(--bad)', strokeOpacity: 0.5, title: 'title' }),
      plot.ruleY([{}], { y: 0, stroke: 'var(--line)' }),
      plot.dot(end, { x: 'seconds', y: 'left', r: 6, fill: 'var(--good)' }),
      plot.text(end, { x: 'seconds', y: 'left', text: 'text', ...VERDICT, textAnchor: 'end', dx: -8, dy: -14 }),
    ],
  }));
}

const VERDICT = { fill: 'var(--good)', fontWeight: 700, fontSize: 13, stroke: 'var(--page)', strokeWidth: 4 };

const title = (atMs: number, result: string, t: Tell): string =>
  `${(atMs / 1000).toFixed(3)} ${t('s: bind', '秒：bind')} ${result}`;

/** The last second of it, in milliseconds before and after the moment that the kernel had given. */
export function endChart({ tries, tookMs, kernelSaidMs }: Waited, label: string, t: Tell): Promise<Markup> {
  const zeroMs = kernelSaidMs ?? tookMs;
  const from = Math.min(tookMs, zeroMs) - LAST_MS;
  const all = tries
    .filter(({ atMs }) => atMs >= from)
    .map(({ atMs, result }) => ({ at: atMs - zeroMs, row: row(result), title: title(atMs, result, t) }));
  const by = (wanted: boolean): object[] => all.filter(({ row: found }) => (found === row('ok')) === wanted);
  return draw(label, (plot) => ({
    ...SIZE,
    style: STYLE,
    marginLeft: 112,
    x: {
      label:
        kernelSaidMs === null
          ? t('ms; 0: the attempt that worked', 'ms；0 是成功的那次尝试')
          : t('ms; 0: the end that the kernel had given', 'ms；0 是内核事先说的结束时刻'),
      labelAnchor: 'center',
      labelArrow: false,
      nice: true,
      ticks: 4,
    },
    y: { label: null, type: 'point', domain: [row('ok'), row('EADDRINUSE')], padding: 0.6, tickSize: 0 },
    marks: [
      plot.ruleX(kernelSaidMs === null ? [] : [{ at: 0 }], {
        x: 'at',
        stroke: 'var(--wait-edge)',
        strokeWidth: 2,
        strokeDasharray: '4 3',
      }),
      plot.dot(by(false), {
        x: 'at',
        y: 'row',
        symbol: 'times',
        r: 4,
        stroke: 'var(--bad)',
        strokeWidth: 1.8,
        title: 'title',
      }),
      plot.dot(by(true), { x: 'at', y: 'row', r: 6, fill: 'var(--good)', title: 'title' }),
    ],
  }));
}

const row = (result: Try['result']): string => (result === 'ok' ? '✓ ok' : `✗ ${result}`);
