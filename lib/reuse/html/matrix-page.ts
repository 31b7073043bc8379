/** The bind matrix as a page. */
import { ALL_FLAGS, type Flags } from '../../doctor/kernel/observation.js';
import { differs, type Matrix, type MatrixRow } from '../matrix/matrix.js';
import { cellTable, MATRIX_STYLE, outcome, type Table } from './matrix-table.js';
import { html, type Content, type Markup } from './markup.js';
import { overviewChart } from './overview-chart.js';
import { page } from './page.js';

const FLAG_NAMES: Readonly<Record<Flags, string>> = {
  none: 'no flag',
  reuseaddr: 'SO_REUSEADDR',
  reuseport: 'SO_REUSEPORT',
  both: 'both flags',
};

/** One self-contained page: what this machine did, in tables whose cells tell their reason, and what the model says. */
export async function matrixPage(matrix: Matrix): Promise<string> {
  const { system, kernel, rows, missing } = matrix;
  const states = rows.filter(({ group }) => group === 'states');
  const body = html`
    <p>
      A socket is on a port already; a new one is bound to the same port, and listens. Does that work? It depends on the
      state of the old socket, on both addresses, and on the flags <code>SO_REUSEADDR</code> and
      <code>SO_REUSEPORT</code> of both. Each cell is one such attempt on this machine, on loopback.
    </p>
    ${missing.map((sentence) => html`<p><strong>Not measured:</strong> ${sentence}</p>`)}
    ${rows.length > 0 && html`${key(rows)} ${rule(matrix)}`} ${states.length > 0 && (await theStates(states))}
    ${theAddresses(rows.filter(({ group }) => group === 'addresses'))}
    ${theAccepted(rows.filter(({ group }) => group === 'accepted'))} ${rows.length > 0 && everything(rows)}
  `;
  return page({
    title: 'The bind matrix',
    headline: headline(matrix),
    origin: `bsd-sockets matrix, measured on ${system} ${kernel}`,
    style: MATRIX_STYLE,
    body,
  });
}

function headline({ system, rows }: Matrix): string {
  if (rows.length === 0) return 'Nothing could be measured here';
  const worked = rows.filter(({ result }) => result === 'ok').length;
  const different = rows.filter(differs).length;
  const asExpected = different === 0 ? 'all as the model says' : `${String(different)} not as the model says`;
  return `A second socket on the same port: ${String(worked)} of ${String(rows.length)} binds worked on this ${system}, ${asExpected}`;
}

function key(rows: readonly MatrixRow[]): Markup {
  const unknown = rows.some(({ model }) => model === 'unknown');
  return html`<h2>How to read it</h2>
    <ul class="key" role="list">
      <li><span class="sample ok">✓</span> The new socket was bound, and where it is TCP it listens.</li>
      <li>
        <span class="sample refused">✗</span> bind() was refused: <code>EADDRINUSE</code> where nothing else is said.
      </li>
      <li>
        <span class="sample refused">✗ <small>listen</small></span> bind() worked, but listen() was refused.
      </li>
      <li>
        <span class="sample refused differs">✗ ≠</span> The kernel did something else than the model says
        ${rows.some(differs) ? '' : '(here: nowhere)'}.
      </li>
      ${
        unknown &&
        html`<li>
          <span class="sample ok">✓ <small>?</small></span> The model does not know this case.
        </li>`
      }
    </ul>
    <p>
      Point at a cell, or go there with the keys, and the reason is shown at the foot of the window: Tab goes from row
      to row, the arrow keys go along a row.
    </p>`;
}

/** What the model of Linux says, in three lines. */
function rule({ platform }: Matrix): Content {
  if (platform !== 'linux') return undefined;
  return html`<h2>The model: the rule of Linux for TCP</h2>
    <p>A bind is refused when the addresses of the two sockets overlap, unless one of these holds:</p>
    <ul>
      <li>both sockets have <code>SO_REUSEADDR</code>, and the old one does not listen;</li>
      <li>
        both sockets have <code>SO_REUSEPORT</code>, and they belong to the same user or the old one is in TIME_WAIT.
      </li>
    </ul>`;
}

async function theStates(rows: readonly MatrixRow[]): Promise<Markup> {
  const states = [...new Set(rows.map(({ existing }) => existing))];
  const columns = ALL_FLAGS.flatMap((old) => ALL_FLAGS.map((wanted) => ({ old, wanted })));
  return html`<h2>What is on the port, and the flags</h2>
    <figure class="overview">
      <figcaption>How many of the 16 pairs of flags let a new socket onto the port</figcaption>
      ${await overviewChart(rows)}
    </figure>
    ${cellTable({
      caption: 'The old socket and its flags; the new socket is bound to the same address, 127.0.0.1',
      corner: 'old ↓ new →',
      groups: ALL_FLAGS.map((old) => ({
        title: `old: ${FLAG_NAMES[old]}`,
        width: ALL_FLAGS.length,
      })),
      columns: columns.map(({ wanted }) => wanted),
      rows: states.map((state) => ({
        title: state,
        cells: columns.map(({ old, wanted }) =>
          rows.find((row) => row.existing === state && row.existingFlags === old && row.newFlags === wanted),
        ),
      })),
      describe: ({ existing, existingFlags, newFlags }) =>
        `${existing} with ${FLAG_NAMES[existingFlags]}, new socket with ${FLAG_NAMES[newFlags]}`,
    })}`;
}

function theAddresses(rows: readonly MatrixRow[]): Content {
  if (rows.length === 0) return undefined;
  const addresses = [...new Set(rows.map(({ existingAddress }) => existingAddress))];
  const table = (flags: Flags): Table => ({
    caption: `Both sockets with ${FLAG_NAMES[flags]}`,
    corner: 'old ↓ new →',
    upright: true,
    columns: addresses,
    rows: addresses.map((old) => ({
      title: old,
      cells: addresses.map((wanted) =>
        rows.find((row) => row.existingFlags === flags && row.existingAddress === old && row.newAddress === wanted),
      ),
    })),
    describe: ({ existing, existingAddress, newAddress }) =>
      `${existing} on ${existingAddress}, new socket on ${newAddress}, both with ${FLAG_NAMES[flags]}`,
  });
  const all = [...new Set(rows.map(({ existingFlags }) => existingFlags))];
  return html`<h2>The addresses</h2>
    <p>The old socket listens. <code>::</code> takes IPv4 connections too, <code>:: V6ONLY</code> does not.</p>
    <div class="tables">${all.map((flags) => cellTable(table(flags)))}</div>`;
}

function theAccepted(rows: readonly MatrixRow[]): Content {
  if (rows.length === 0) return undefined;
  const name = ({ existing, existingFlags }: MatrixRow): string =>
    `${existing}; at first: ${FLAG_NAMES[existingFlags]}`;
  return html`<h2>Flags that change on the way, and UDP</h2>
    ${cellTable({
      caption: 'What was done with the old socket; the new socket has these flags',
      corner: 'old ↓ new →',
      columns: ALL_FLAGS,
      rows: [...new Set(rows.map(name))].map((title) => ({
        title,
        cells: ALL_FLAGS.map((flags) => rows.find((row) => name(row) === title && row.newFlags === flags)),
      })),
      describe: (row) => `${name(row)}, new socket with ${FLAG_NAMES[row.newFlags]}`,
    })}`;
}

/** Each cell with its reason, for those who read line by line, and for print. */
function everything(rows: readonly MatrixRow[]): Markup {
  const line = (row: MatrixRow): Markup =>
    html`<tr>
      <td>${row.protocol} ${row.existing}, ${row.existingAddress}</td>
      <td>${FLAG_NAMES[row.existingFlags]}</td>
      <td>${row.newAddress}, ${FLAG_NAMES[row.newFlags]}</td>
      <td class="${row.result === 'ok' ? 'ok' : 'refused'}">${outcome(row)}</td>
      <td>${differs(row) ? html`<strong>≠ ${row.model}</strong>` : row.model}</td>
      <td>${row.because}</td>
    </tr>`;
  return html`<h2>Every cell with its reason</h2>
    <details>
      <summary>All ${rows.length} cells as a table</summary>
      <div class="scroll" tabindex="0" role="region" aria-label="All cells as a table">
        <table class="all">
          <caption>
            What this kernel did, and what the model says
          </caption>
          <thead>
            <tr>
              ${['old socket', 'its flags', 'new socket', 'this kernel', 'the model', 'because (by the model)'].map(
                (title) => html`<th scope="col">${title}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(line)}
          </tbody>
        </table>
      </div>
    </details>`;
}
