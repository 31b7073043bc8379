/** A table of the bind matrix, whose cells tell their reason when they are pointed at or have the focus. */
import { type Language, tellIn } from '../../language.js';
import { differs, type MatrixRow } from '../matrix/matrix.js';
import { html, type Content, type Markup } from './markup.js';

/** What stands in it. */
export interface Table {
  readonly language: Language;
  readonly caption: string;
  /** Above the titles of the rows. */
  readonly corner: string;
  /** Titles above those of several columns. */
  readonly groups?: readonly { readonly title: string; readonly width: number }[];
  /** Are the titles of the columns long, so that they stand upright? */
  readonly upright?: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly title: string; readonly cells: readonly (MatrixRow | undefined)[] }[];
  /** What a cell is about. */
  readonly describe: (row: MatrixRow) => string;
}

export const MATRIX_STYLE = `
.key { list-style: none; padding: 0; } .key li { margin: 4px 0; }
.sample { display: inline-block; min-width: 74px; margin-right: 8px; text-align: center; border: 1px solid var(--rule); border-radius: 3px; padding: 0 6px; }
td.ok, .sample.ok { background: var(--good-pale); } td.refused, .sample.refused { background: var(--bad-pale); }
.all td.ok, .all td.refused { background: none; }
.cells { border-collapse: separate; border-spacing: 0; }
.cells th { font-weight: 500; white-space: nowrap; } .cells thead th { border: 0; padding: 4px 6px; text-align: center; font-size: .8rem; }
.cells thead tr:first-child th { font-size: .86rem; font-weight: 600; }
.cells tbody th, .cells .corner { position: sticky; left: 0; z-index: 2; background: var(--page); text-align: left; padding-left: 0; }
.cells .upright { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; vertical-align: bottom; }
.cells td { position: relative; min-width: 38px; text-align: center; padding: 5px 4px; border: 1px solid var(--page); white-space: nowrap; }
.cells td.edge, .cells th.edge { border-left: 10px solid var(--page); }
.differs { outline: 3px dashed var(--ink); outline-offset: -3px; }
.cells input { appearance: none; position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; cursor: help; }
.cells input:focus, .cells input:focus-visible { outline: 3px solid var(--focus); outline-offset: -3px; }
.reason { display: none; position: fixed; z-index: 9; left: 0; right: 0; bottom: 0; padding: 12px 20px 16px; white-space: normal;
  text-align: left; font-weight: 400; color: var(--ink); background: var(--card); border-top: 4px solid var(--focus); box-shadow: 0 -6px 24px #0005; }
.reason b { display: block; }
.cells input:focus ~ .reason { display: block; }
.cells td:hover .reason { display: block; z-index: 10; }
.tables { display: flex; flex-wrap: wrap; gap: 24px 40px; } .tables > .scroll { max-width: 100%; }
.overview { margin: 12px 0 24px; max-width: 560px; } .overview figcaption { font-weight: 600; color: var(--ink); }
.all td { font-size: .85rem; }
.cells caption span { display: block; position: sticky; left: 0; width: fit-content; max-width: calc(100vw - 40px); }
@media (max-width: 700px) { .cells tbody th { white-space: normal; min-width: 8em; max-width: 10em; } }
@media print { .reason { display: none !important; } .cells { font-size: 8pt; } .cells td { padding: 2px; min-width: 0; } .cells thead th { padding: 2px; font-size: 6pt; } .cells tbody th { white-space: normal; } }`;

/** The table, in a box of its own where it is too wide. */
export function cellTable(table: Table): Markup {
  return html`<div class="scroll">
    <table class="cells">
      <caption>
        <span>${table.caption}</span>
      </caption>
      <thead>
        ${heads(table)}
      </thead>
      <tbody>
        ${table.rows.map(({ title, cells }) => {
          const name = `${table.caption}: ${title}`;
          return html`<tr>
            <th scope="row">${title}</th>
            ${cells.map((row, index) => cell(table, name, row, index))}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function heads({ corner, groups, columns, upright }: Table): Content {
  const rest = columns.map((title, index) => {
    const kinds = [isEdge(groups, index) && 'edge', upright && 'upright'].filter(Boolean).join(' ');
    return html`<th scope="col" class="${kinds}">${title}</th>`;
  });
  const first = html`<th class="corner" scope="col" rowspan="${groups ? 2 : 1}">${corner}</th>`;
  if (!groups)
    return html`<tr>
      ${first}${rest}
    </tr>`;
  const above = groups.map(
    ({ title, width }, index) =>
      html`<th scope="colgroup" colspan="${width}" class="${index > 0 && 'edge'}">${title}</th>`,
  );
  return html`<tr>
      ${first}${above}
    </tr>
    <tr>
      ${rest}
    </tr>`;
}

const isEdge = (groups: Table['groups'], index: number): boolean => {
  const width = groups?.[0]?.width;
  return width !== undefined && index > 0 && index % width === 0;
};

/** A radio button fills the cell: the browser's own keys go along the row, with no script. */
function cell({ language, groups, describe }: Table, name: string, row: MatrixRow | undefined, index: number): Markup {
  const edge = isEdge(groups, index) && 'edge';
  if (!row) return html`<td class="${edge}"></td>`;
  const kinds = [row.result === 'ok' ? 'ok' : 'refused', differs(row) && 'differs', edge].filter(Boolean).join(' ');
  const id = `${name}, ${String(index)}`.replace(/[^\p{L}\p{N}_.:]+/gu, '-');
  const what = `${describe(row)}${language === 'zh' ? '：' : ': '}${outcome(row, language)}`;
  return html`<td class="${kinds}">
    <span aria-hidden="true">${mark(row)}</span>
    <input type="radio" name="${name}" aria-label="${what}" aria-describedby="${id}" />
    <span class="reason" id="${id}"><b>${what}${comparedWith(row, language)}</b>${row.because[language]}</span>
  </td>`;
}

function mark(row: MatrixRow): Content {
  const small = [
    row.result !== 'ok' && row.at === 'listen' && 'listen',
    row.result !== 'ok' && row.result !== 'EADDRINUSE' && row.result,
    row.model === 'unknown' && '?',
  ].filter((word) => word !== false);
  return html`${row.result === 'ok' ? '✓' : '✗'}${differs(row) && ' ≠'}${small.map((word) => html` <small>${word}</small>`)}`;
}

/** What the kernel did, in words. */
export function outcome({ result, at }: MatrixRow, language: Language): string {
  const t = tellIn(language);
  return result === 'ok' ? t('ok', '成功') : t(`${result} from ${at}`, `${at} 失败，${result}`);
}

function comparedWith(row: MatrixRow, language: Language): string {
  const t = tellIn(language);
  if (row.model === 'unknown') return t('. The model does not know this case.', '。模型不知道这种情况。');
  return differs(row)
    ? t(`. The model says something else: ${row.model}.`, `。模型说的不一样：${row.model}。`)
    : t(', as the model says.', '，和模型说的一样。');
}
