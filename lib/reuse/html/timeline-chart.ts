/** The timeline of a pair of runs, as a chart: time goes down, as in the diagrams of TCP. */
import type { Tell } from '../../language.js';
import { remainingMs, type Run } from '../comparison.js';
import { callName, type Call, type StateSpan, type Timeline } from '../timeline.js';
import { WORDS } from '../sentences-zh.js';
import { actorName } from './compare-tables.js';
import type { Markup } from './markup.js';
import { HEADING, LINE, momentAt, pixelAt, type Layout } from './layout.js';
import { draw, type Mark, type Plot } from './plot.js';
import { stateColors } from './style.js';

/** Where the columns are, in pixels. */
const WIDTH = 308;
const TIMES = 40;
const LANES = { listener: [46, 98], connection: [102, 186] } as const;
const DOTS = 195;
const CALLS = 203;

const FONT = 11;
/** A bar that is lower has no room for its name. */
const NAME_HEIGHT = 12;
/** A call that takes longer is shown as a line: it waited. */
const WAITED_MS = 3;
/** Where nothing happens for longer, it is told. */
const QUIET_MS = 5;

/** Draws it. `label` is for those who cannot see it. */
export function timelineChart(run: Run, timeline: Timeline, layout: Layout, label: string, t: Tell): Promise<Markup> {
  return draw(label, (plot) => ({
    width: WIDTH,
    height: layout.height,
    margin: 0,
    style: { fontSize: `${String(FONT)}px`, fontFamily: 'inherit', color: 'var(--ink)', background: 'none' },
    x: { axis: null, type: 'linear', domain: [0, WIDTH], range: [0, WIDTH] },
    y: { axis: null, type: 'linear', domain: layout.moments, range: layout.pixels },
    marks: [
      ...heads(plot, layout, t),
      ...bars(plot, timeline, layout, t),
      ...phases(plot, run, layout, t),
      ...calls(plot, layout, t),
      ...future(plot, run, layout, t),
    ],
  }));
}

/** Text at a pixel. */
interface Words {
  x: number;
  atMs: number;
  text: string;
  title?: string;
}

const TEXT = { x: 'x', y: 'atMs', text: 'text', title: 'title', fill: 'var(--ink)', textAnchor: 'start' };

function heads(plot: Plot, layout: Layout, t: Tell): Mark[] {
  const atMs = momentAt(layout, 8);
  const middle = ([from, to]: readonly [number, number]): number => (from + to) / 2;
  const heads: Words[] = [
    { x: middle(LANES.listener), atMs, text: t('listener', '监听') },
    { x: middle(LANES.connection), atMs, text: t('connection', '连接') },
  ];
  return [
    plot.text(heads, { ...TEXT, textAnchor: 'middle', fill: 'var(--muted)' }),
    plot.text([{ x: TIMES, atMs, text: 'ms' }], { ...TEXT, textAnchor: 'end', fill: 'var(--muted)' }),
    plot.text([{ x: CALLS, atMs, text: t('system calls', '系统调用') }], { ...TEXT, fill: 'var(--muted)' }),
  ];
}

/** The states of the server's sockets. */
function bars(plot: Plot, { states }: Timeline, layout: Layout, t: Tell): Mark[] {
  const all = states.map((span) => {
    const [x1, x2] = LANES[span.socket];
    return { ...span, x1, x2, x: (x1 + x2) / 2, title: spanTitle(span, t), ...stateColors(span.state) };
  });
  const high = ({ firstMs, lastMs }: StateSpan): number => pixelAt(layout, lastMs) - pixelAt(layout, firstMs);
  const named = all.filter((span) => high(span) >= NAME_HEIGHT);
  const y = { y1: 'firstMs', y2: 'lastMs' };
  return [
    plot.rect(all, {
      x1: 'x1',
      x2: 'x2',
      ...y,
      fill: 'fill',
      stroke: 'stroke',
      strokeWidth: 1.5,
      rx: 2,
      title: 'title',
    }),
    plot.text(named, {
      x: 'x',
      y: (span: StateSpan) => momentAt(layout, nameAt(layout, span)),
      text: 'state',
      fill: 'var(--ink)',
      fontSize: 10.5,
      fontWeight: 600,
      title: 'title',
    }),
  ];
}

/** Where the name stands: at the top of a long bar, so that no heading covers it. */
function nameAt(layout: Layout, { firstMs, lastMs }: StateSpan): number {
  const [top, bottom] = [pixelAt(layout, firstMs), pixelAt(layout, lastMs)];
  const after = top + NAME_HEIGHT;
  const covering = layout.phases.find((phase) => after > phase.top - 6 && after < phase.top + HEADING + 6);
  return bottom - top < 2 * NAME_HEIGHT ? (top + bottom) / 2 : covering ? covering.top + HEADING + 10 : after;
}

const ms = (value: number): string => value.toFixed(1);

function spanTitle({ socket, state, firstMs, lastMs }: StateSpan, t: Tell): string {
  const what = socket === 'listener' ? t('the socket that listens', '监听套接字') : t('the connection', '连接');
  const [from, to] = [ms(firstMs), ms(lastMs)];
  return t(`${state}: ${what}, seen from ${from} to ${to} ms`, `${state}：${what}，从 ${from} 到 ${to} ms 看到`);
}

/** The headings, which are the breaks of the clock too. */
function phases(plot: Plot, { first, second }: Run, layout: Layout, t: Tell): Mark[] {
  const titles = [
    t(`First run, flag ${first}`, `第一次运行，标志${WORDS[first]}`),
    t('A client is served', '为一个客户端服务'),
    t(`Restart, flag ${second}`, `重启，标志${WORDS[second]}`),
  ];
  const all = layout.phases.map(({ top, quietMs }, index) => ({
    x1: 0,
    x2: WIDTH,
    y1: momentAt(layout, top),
    y2: momentAt(layout, top + HEADING - 4),
    atMs: momentAt(layout, top + HEADING / 2 - 2),
    x: 6,
    end: WIDTH - 6,
    text: titles[index] ?? '',
    quiet: quietMs > QUIET_MS ? t(`${quietMs.toFixed(0)} ms later`, `${quietMs.toFixed(0)} ms 之后`) : '',
  }));
  return [
    plot.rect(all, { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'var(--band)', rx: 3 }),
    plot.text(all, { ...TEXT, title: undefined, fontSize: 12, fontWeight: 700 }),
    plot.text(all, { ...TEXT, title: undefined, x: 'end', text: 'quiet', textAnchor: 'end', fill: 'var(--muted)' }),
  ];
}

function calls(plot: Plot, layout: Layout, t: Tell): Mark[] {
  const all = layout.lines.map(({ call, pixel }) => ({
    ...call,
    x: CALLS,
    atMs: call.startMs,
    dot: DOTS,
    time: ms(call.startMs),
    timesX: TIMES,
    text: callText(call, t),
    title: callTitle(call, t),
    high: pixelAt(layout, call.endMs) - pixel,
  }));
  const decided = ({ name, result }: Call): boolean => name === 'bind' || result !== 'ok';
  const waited = all.filter(({ startMs, endMs, high }) => endMs - startMs > WAITED_MS && high > LINE / 2);
  const [ours, clients] = [
    all.filter(({ actor }) => actor !== 'client'),
    all.filter(({ actor }) => actor === 'client'),
  ];
  const plain = ours.filter((call) => !decided(call));
  const verdict = (result: boolean): Mark => {
    const of = ours.filter((call) => decided(call) && (call.result === 'ok') === result);
    const fill = result ? 'var(--good)' : 'var(--bad)';
    return plot.text(of, { ...TEXT, fill, fontWeight: 700, fontSize: 12 });
  };
  const none = t('no setsockopt', '没有 setsockopt');
  const empty = layout.empty.map(({ pixel }) => ({ x: CALLS, atMs: momentAt(layout, pixel), text: none }));
  return [
    plot.text(all, {
      ...TEXT,
      x: 'timesX',
      text: 'time',
      textAnchor: 'end',
      fill: 'var(--muted)',
      fontVariant: 'tabular-nums',
    }),
    plot.ruleX(waited, { x: 'dot', y1: 'startMs', y2: 'endMs', stroke: 'var(--line)', strokeWidth: 2, title: 'title' }),
    plot.dot(all, { x: 'dot', y: 'atMs', r: 2.5, fill: 'var(--muted)', title: 'title' }),
    plot.text(plain, TEXT),
    plot.text(clients, { ...TEXT, fill: 'var(--muted)', fontStyle: 'italic' }),
    plot.text(empty, { ...TEXT, title: undefined, fill: 'var(--muted)', fontStyle: 'italic' }),
    verdict(true),
    verdict(false),
  ];
}

function callText(call: Call, t: Tell): string {
  const { actor, name, result } = call;
  if (actor === 'client') return t(`client: ${name}`, `客户端：${name}`);
  if (result !== 'ok') return `✗ ${name}\n${result}`;
  return name === 'bind' ? '✓ bind' : callName(call).replace(' SO_', '\nSO_');
}

function callTitle(call: Call, t: Tell): string {
  const { actor, startMs, endMs, result } = call;
  const [what, from, to] = [callName(call), startMs.toFixed(3), endMs.toFixed(3)];
  return t(
    `${actor}, ${what}: ${result}, from ${from} to ${to} ms`,
    `${actorName(actor, t)}，${what}：${result}，从 ${from} 到 ${to} ms`,
  );
}

/** What the kernel said of the time after the end. */
function future(plot: Plot, { evidence }: Run, layout: Layout, t: Tell): Mark[] {
  const leftMs = remainingMs(evidence);
  if (leftMs === null) return [];
  const [from, to] = LANES.connection;
  const left = (leftMs / 1000).toFixed(2);
  const text = t(`↓ ${left} s left`, `↓ 还剩 ${left} 秒`);
  const words: Words[] = [{ x: (from + to) / 2, atMs: momentAt(layout, layout.height - 20), text }];
  return [plot.text(words, { ...TEXT, title: undefined, textAnchor: 'middle', fontWeight: 600 })];
}
