/** The bind matrix as a page. */
import { ALL_FLAGS, type Flags } from '../../doctor/kernel/observation.js';
import { type Language, type Tell, tellIn } from '../../language.js';
import { MATRIX_WORDS } from '../matrix/matrix-words.js';
import { differs, type Matrix, type MatrixRow } from '../matrix/matrix.js';
import { cellTable, MATRIX_STYLE, outcome, type Table } from './matrix-table.js';
import { html, type Content, type Markup } from './markup.js';
import { overviewChart } from './overview-chart.js';
import { page } from './page.js';

/** What the sections have in common. */
interface Words {
  readonly language: Language;
  readonly t: Tell;
  /** What the flags of a socket are called. */
  readonly flags: Readonly<Record<Flags, string>>;
  /** What is on the port: `MatrixRow.existing`. */
  readonly existing: (name: string) => string;
}

/** One self-contained page: what this machine did, in tables whose cells tell their reason, and what the model says. */
export async function matrixPage(matrix: Matrix, language: Language = 'en'): Promise<string> {
  const { flagNames: flags, existing } = MATRIX_WORDS[language];
  const words: Words = { language, t: tellIn(language), flags, existing };
  const { t } = words;
  const { system, kernel, rows, missing } = matrix;
  const of = (wanted: MatrixRow['group']): MatrixRow[] => rows.filter(({ group }) => group === wanted);
  const states = of('states');
  const body = html`
    <p>
      ${t(
        html`A socket is on a port already; a new one is bound to the same port, and listens. Does that work? It depends
          on the state of the old socket, on both addresses, and on the flags <code>SO_REUSEADDR</code> and
          <code>SO_REUSEPORT</code> of both. Each cell is one such attempt on this machine, on loopback.`,
        html`一个套接字已经占着端口；新套接字绑定到同一个端口，再去监听。能成功吗？这取决于旧套接字的状态、两者的地址，以及两者的
          <code>SO_REUSEADDR</code> 和
          <code>SO_REUSEPORT</code> 标志。每一格都是在这台机器的环回地址上真正试过一次的结果。`,
      )}
    </p>
    ${missing.map((sentence) => html`<p><strong>${t('Not measured: ', '没有测：')}</strong>${sentence[language]}</p>`)}
    ${rows.length > 0 && html`${key(rows, t)} ${rule(matrix, t)}`}
    ${states.length > 0 && (await theStates(states, words))} ${theAddresses(of('addresses'), words)}
    ${theAccepted(of('accepted'), words)} ${rows.length > 0 && everything(rows, words)}
  `;
  return page({
    language,
    title: t('The bind matrix', 'bind 矩阵'),
    headline: headline(matrix, t),
    origin: t(
      `bsd-sockets matrix, measured on ${system} ${kernel}`,
      `bsd-sockets matrix，在 ${system} ${kernel} 上测得`,
    ),
    style: MATRIX_STYLE,
    body,
  });
}

function headline({ system, rows }: Matrix, t: Tell): string {
  if (rows.length === 0) return t('Nothing could be measured here', '这里什么都没能测到');
  const [all, worked] = [String(rows.length), String(rows.filter(({ result }) => result === 'ok').length)];
  const different = rows.filter(differs).length;
  const asExpected =
    different === 0
      ? t('all as the model says', '全部和模型说的一样')
      : t(`${String(different)} not as the model says`, `有 ${String(different)} 次和模型说的不一样`);
  return t(
    `A second socket on the same port: ${worked} of ${all} binds worked on this ${system}, ${asExpected}`,
    `同一个端口上的第二个套接字：在这个 ${system} 上，${all} 次 bind 有 ${worked} 次成功，${asExpected}`,
  );
}

/** What the marks of the cells mean. */
function key(rows: readonly MatrixRow[], t: Tell): Markup {
  const differsHere = rows.some(differs)
    ? t('The kernel did something else than the model says.', '内核做的和模型说的不一样。')
    : t('The kernel did something else than the model says (here: nowhere).', '内核做的和模型说的不一样（这里没有）。');
  const marks: [kind: string, mark: Content, meaning: Content][] = [
    [
      'ok',
      '✓',
      t('The new socket was bound, and where it is TCP it listens.', '新套接字绑定成功；如果是 TCP，监听也成功。'),
    ],
    [
      'refused',
      '✗',
      t(
        html`bind() was refused: <code>EADDRINUSE</code> where nothing else is said.`,
        html`bind() 被拒绝：没有另外注明的，就是 <code>EADDRINUSE</code>。`,
      ),
    ],
    [
      'refused',
      html`✗ <small>listen</small>`,
      t('bind() worked, but listen() was refused.', 'bind() 成功，但 listen() 被拒绝。'),
    ],
    ['refused differs', '✗ ≠', differsHere],
  ];
  if (rows.some(({ model }) => model === 'unknown')) {
    marks.push(['ok', html`✓ <small>?</small>`, t('The model does not know this case.', '模型不知道这种情况。')]);
  }
  return html`<h2>${t('How to read it', '怎么看')}</h2>
    <ul class="key" role="list">
      ${marks.map(([kind, mark, meaning]) => html`<li><span class="sample ${kind}">${mark}</span> ${meaning}</li>`)}
    </ul>
    <p>
      ${t(
        'Point at a cell, or go there with the keys, and the reason is shown at the foot of the window: Tab goes from row ' +
          'to row, the arrow keys go along a row.',
        '把鼠标指到一格上，或者用键盘走到那里，窗口底部就会说明原因：Tab 键从一行到下一行，方向键在一行里走动。',
      )}
    </p>`;
}

/** What the model of Linux says, in three lines. */
function rule({ platform }: Matrix, t: Tell): Content {
  if (platform !== 'linux') return undefined;
  return html`<h2>${t('The model: the rule of Linux for TCP', '模型：Linux 对 TCP 的规则')}</h2>
    <p>
      ${t(
        'A bind is refused when the addresses of the two sockets overlap, unless one of these holds:',
        '两个套接字的地址重叠时，bind 会被拒绝，除非符合下面的一条：',
      )}
    </p>
    <ul>
      <li>
        ${t(
          html`both sockets have <code>SO_REUSEADDR</code>, and the old one does not listen;`,
          html`两个套接字都有 <code>SO_REUSEADDR</code>，而且旧的没有监听；`,
        )}
      </li>
      <li>
        ${t(
          html`both sockets have <code>SO_REUSEPORT</code>, and they belong to the same user or the old one is in
            TIME_WAIT.`,
          html`两个套接字都有 <code>SO_REUSEPORT</code>，而且属于同一个用户，或者旧的处于 TIME_WAIT。`,
        )}
      </li>
    </ul>`;
}

const corner = (t: Tell): string => t('old ↓ new →', '旧 ↓ 新 →');

/** The flags of the new socket, where there is little room. */
const shortFlags = (t: Tell): string[] =>
  ALL_FLAGS.map((flags) =>
    t<string>(flags, { none: '无', reuseaddr: 'reuseaddr', reuseport: 'reuseport', both: '两个' }[flags]),
  );

async function theStates(rows: readonly MatrixRow[], words: Words): Promise<Markup> {
  const { language, t, flags, existing } = words;
  const states = [...new Set(rows.map((row) => row.existing))];
  const columns = ALL_FLAGS.flatMap((old) => ALL_FLAGS.map((wanted) => ({ old, wanted })));
  return html`<h2>${t('What is on the port, and the flags', '端口上有什么，以及标志')}</h2>
    <figure class="overview">
      <figcaption>
        ${t(
          'How many of the 16 pairs of flags let a new socket onto the port',
          '16 种标志组合里，有多少种让新套接字拿到了端口',
        )}
      </figcaption>
      ${await overviewChart(rows, t, existing)}
    </figure>
    ${cellTable({
      language,
      caption: t(
        'The old socket and its flags; the new socket is bound to the same address, 127.0.0.1',
        '旧套接字和它的标志；新套接字绑定到同一个地址 127.0.0.1',
      ),
      corner: corner(t),
      groups: ALL_FLAGS.map((old) => ({
        title: t(`old: ${flags[old]}`, `旧：${flags[old]}`),
        width: ALL_FLAGS.length,
      })),
      columns: ALL_FLAGS.flatMap(() => shortFlags(t)),
      rows: states.map((state) => ({
        title: existing(state),
        cells: columns.map(({ old, wanted }) =>
          rows.find((row) => row.existing === state && row.existingFlags === old && row.newFlags === wanted),
        ),
      })),
      describe: (row) => {
        const [what, old, wanted] = [existing(row.existing), flags[row.existingFlags], flags[row.newFlags]];
        return t(`${what} with ${old}, new socket with ${wanted}`, `旧套接字 ${what}，${old}；新套接字${wanted}`);
      },
    })}`;
}

function theAddresses(rows: readonly MatrixRow[], { language, t, flags: names, existing }: Words): Content {
  if (rows.length === 0) return undefined;
  const addresses = [...new Set(rows.map(({ existingAddress }) => existingAddress))];
  const table = (flags: Flags): Table => ({
    language,
    caption: t(`Both sockets with ${names[flags]}`, `两个套接字都是：${names[flags]}`),
    corner: corner(t),
    upright: true,
    columns: addresses,
    rows: addresses.map((old) => ({
      title: old,
      cells: addresses.map((wanted) =>
        rows.find((row) => row.existingFlags === flags && row.existingAddress === old && row.newAddress === wanted),
      ),
    })),
    describe: ({ existing: name, existingAddress: old, newAddress: wanted }) =>
      t(
        `${existing(name)} on ${old}, new socket on ${wanted}, both with ${names[flags]}`,
        `旧套接字 ${existing(name)}，在 ${old}；新套接字在 ${wanted}；两者都是：${names[flags]}`,
      ),
  });
  const all = [...new Set(rows.map(({ existingFlags }) => existingFlags))];
  return html`<h2>${t('The addresses', '地址')}</h2>
    <p>
      ${t(
        html`The old socket listens. <code>::</code> takes IPv4 connections too, <code>:: V6ONLY</code> does not.`,
        html`旧套接字在监听。<code>::</code> 也接收 IPv4 连接，<code>:: V6ONLY</code> 不接收。`,
      )}
    </p>
    <div class="tables">${all.map((flags) => cellTable(table(flags)))}</div>`;
}

function theAccepted(rows: readonly MatrixRow[], { language, t, flags, existing }: Words): Content {
  if (rows.length === 0) return undefined;
  const name = (row: MatrixRow): string => {
    const [what, first] = [existing(row.existing), flags[row.existingFlags]];
    return t(`${what}; at first: ${first}`, `${what}；起初${first}`);
  };
  return html`<h2>${t('Flags that change on the way, and UDP', '中途改变的标志，以及 UDP')}</h2>
    ${cellTable({
      language,
      caption: t(
        'What was done with the old socket; the new socket has these flags',
        '对旧套接字做了什么；新套接字的标志在上方',
      ),
      corner: corner(t),
      columns: shortFlags(t),
      rows: [...new Set(rows.map(name))].map((title) => ({
        title,
        cells: ALL_FLAGS.map((wanted) => rows.find((row) => name(row) === title && row.newFlags === wanted)),
      })),
      describe: (row) =>
        t(`${name(row)}, new socket with ${flags[row.newFlags]}`, `${name(row)}；新套接字${flags[row.newFlags]}`),
    })}`;
}

/** Each cell with its reason, for those who read line by line, and for print. */
function everything(rows: readonly MatrixRow[], { language, t, flags, existing }: Words): Markup {
  const comma = t(', ', '，');
  const line = (row: MatrixRow): Markup =>
    html`<tr>
      <td>${row.protocol} ${existing(row.existing)}${comma}${row.existingAddress}</td>
      <td>${flags[row.existingFlags]}</td>
      <td>${row.newAddress}${comma}${flags[row.newFlags]}</td>
      <td class="${row.result === 'ok' ? 'ok' : 'refused'}">${outcome(row, language)}</td>
      <td>${differs(row) ? html`<strong>≠ ${row.model}</strong>` : row.model}</td>
      <td>${row.because[language]}</td>
    </tr>`;
  const heads = [
    t('old socket', '旧套接字'),
    t('its flags', '它的标志'),
    t('new socket', '新套接字'),
    t('this kernel', '这个内核'),
    t('the model', '模型'),
    t('because (by the model)', '原因（按模型）'),
  ];
  const many = String(rows.length);
  return html`<h2>${t('Every cell with its reason', '每一格和它的原因')}</h2>
    <details>
      <summary>${t(`All ${many} cells as a table`, `全部 ${many} 格，列成表`)}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="${t('All cells as a table', '全部格子，列成表')}">
        <table class="all">
          <caption>
            ${t('What this kernel did, and what the model says', '这个内核做了什么，模型又怎么说')}
          </caption>
          <thead>
            <tr>
              ${heads.map((title) => html`<th scope="col">${title}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(line)}
          </tbody>
        </table>
      </div>
    </details>`;
}
