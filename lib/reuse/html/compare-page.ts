/** A comparison as a page. */
import type { Comparison, Run, Waited } from '../comparison.js';
import { reportWait } from '../report.js';
import { headline, sentences } from '../sentences.js';
import { callName, type Call, type StateSpan, type Timeline } from '../timeline.js';
import { layOut, type Layout } from './layout.js';
import { html, type Content, type Markup } from './markup.js';
import { page } from './page.js';
import { timelineChart } from './timeline-chart.js';
import { endChart, waitChart } from './wait-chart.js';

const STYLE = `
.found { display: flex; flex-wrap: wrap; gap: 16px 48px; margin-top: 20px; align-items: start; } .found > div { flex: 1 1 330px; min-width: 0; }
.found > .scroll { flex: 0 1 auto; }
.verdicts thead td { border: 0; background: none; min-width: 0; }
.verdicts tbody td { min-width: 9.5em; border: 1px solid var(--rule); padding: 8px 14px; }
.verdicts td.ok { background: var(--good-pale); } .verdicts td.refused { background: var(--bad-pale); }
.verdicts th { padding: 8px 14px 8px 0; } .verdicts thead th { padding-left: 14px; }
.cards { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(272px, 1fr)); margin-top: 16px; }
.card { background: var(--card); border: 1px solid var(--rule); border-top: 6px solid; border-radius: 8px; padding: 12px 8px; min-width: 0; }
.card.ok { border-top-color: var(--good); } .card.refused { border-top-color: var(--bad); }
.card h3, .card > p, .card details { padding-left: 6px; } .card.ok, .card.refused { color: inherit; font-weight: inherit; }
.card > p { margin: 2px 0 10px; font-size: .85rem; }
.card svg { max-width: 420px; margin: 0 auto; }
.card table { font-size: .82rem; } .card th, .card td { padding: 3px 8px 3px 0; }
figure { margin: 0; }
.waits { display: flex; flex-wrap: wrap; gap: 24px; } .waits figure { flex: 1 1 320px; max-width: 500px; min-width: 0; }
.waits figcaption { font-weight: 600; color: var(--ink); }
.key { list-style: none; padding: 0; max-width: 60em; } .key li { margin: 3px 0; padding-left: 30px; position: relative; }
.key span.swatch { position: absolute; left: 0; top: .3em; width: 20px; height: .95em; border: 1.5px solid; border-radius: 2px; }
@media print { .cards { grid-template-columns: 1fr 1fr; } .card svg { max-width: 290px; } }`;

/**
 * One self-contained page: the four pairs of runs as timelines side by side, and the wait.
 *
 * @param comparison - with timelines where they were recorded; otherwise the page has none
 * @param waited - where there was a wait
 */
export async function comparePage(comparison: Comparison, waited?: Waited): Promise<string> {
  const { system, kernel, runs } = comparison;
  const layouts = layOut(runs.flatMap(({ timeline }) => timeline ?? []));
  const recorded = runs.filter(({ timeline }) => timeline !== undefined);
  const cards = runs.map((run) => card(run, layouts[recorded.indexOf(run)]));
  const body = html`
    <p>
      A server serves one client and ends; then it is started again on the same port. That was done four times on this
      machine, with the option <code>SO_REUSEADDR</code> off or on in each of the two runs.
    </p>
    <div class="found">
      ${verdicts(runs)}
      <div>${sentences(comparison).map((sentence) => html`<p>${sentence}</p>`)}</div>
    </div>
    <h2>The four restarts, moment by moment</h2>
    ${recorded.length === 0 ? html`<p>The moments were not recorded.</p>` : key()}
    <div class="cards">${await Promise.all(cards)}</div>
    ${waited && (await theWait(waited))} ${howItWasMeasured(comparison, recorded)}
  `;
  return page({
    title: 'SO_REUSEADDR compared',
    headline: headline(comparison),
    origin: `bsd-sockets compare, measured on ${system} ${kernel}`,
    style: STYLE,
    body,
  });
}

const kind = ({ result }: Run): string => (result === 'ok' ? 'ok' : 'refused');
const verdict = ({ result }: Run): string => (result === 'ok' ? '✓ got the port' : `✗ ${result}`);

/** What became of each restart, as a table of two by two. */
function verdicts(runs: readonly Run[]): Markup {
  const cell = (first: string, second: string): Content => {
    const run = runs.find((one) => one.first === first && one.second === second);
    return run && html`<td class="${kind(run)}">${verdict(run)}</td>`;
  };
  const row = (first: string): Markup =>
    html`<tr>
      <th scope="row">First run: ${first}</th>
      ${cell(first, 'off')}${cell(first, 'on')}
    </tr>`;
  return html`<div class="scroll">
    <table class="verdicts">
      <caption>
        Did the restart get the port? SO_REUSEADDR off and on, in the first run and in the restart
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">Restart: off</th>
          <th scope="col">Restart: on</th>
        </tr>
      </thead>
      <tbody>
        ${row('off')}${row('on')}
      </tbody>
    </table>
  </div>`;
}

function key(): Markup {
  const swatch = (name: string): Markup =>
    html`<span class="swatch" style="background: var(--${name}); border-color: var(--${name}-edge)"></span>`;
  return html`<p>
      Time goes down. The server's two sockets are the bars, its system calls are at the right, each at its moment. The
      clock is not drawn to scale: calls that follow each other quickly are pulled apart, and quiet times are pressed
      together.
    </p>
    <ul class="key" role="list">
      <li>
        ${swatch('listen')}<strong>LISTEN</strong>: the listener waits for clients. CLOSE: it only has a port yet.
      </li>
      <li>${swatch('established')}<strong>ESTABLISHED</strong>: a client is connected.</li>
      <li>${swatch('other')}<strong>FIN_WAIT1, FIN_WAIT2</strong>: the server has closed, the client has not yet.</li>
      <li>
        ${swatch('wait')}<strong>TIME_WAIT</strong>: both have closed; the kernel keeps the port's old connection, with
        no program behind it. This is what the restart meets.
      </li>
    </ul>`;
}

async function card(run: Run, layout: Layout | undefined): Promise<Markup> {
  const { first, second, timeline, evidence } = run;
  const chart = timeline && layout && (await timelineChart(run, timeline, layout, inWords(run, timeline)));
  const there = evidence.map(({ state }) => state).join(', ');
  return html`<section class="card ${kind(run)}" aria-label="First run ${first}, restart ${second}">
    <h3>${first}, then ${second}: <span class="${kind(run)}">${verdict(run)}</span></h3>
    <p class="muted">On the port at the restart: ${there === '' ? 'nothing known' : there}</p>
    ${chart && html`<figure>${chart}</figure>`} ${timeline && dataTable(run, timeline)}
  </section>`;
}

/** For those who cannot see the chart. */
function inWords({ first, second, result, port }: Run, { states, calls }: Timeline): string {
  const bind = calls.find(({ actor, name }) => actor === 'restart' && name === 'bind');
  const seen = states.map(
    ({ state, firstMs, lastMs }) => `${state} from ${firstMs.toFixed(1)} to ${lastMs.toFixed(1)}`,
  );
  return (
    `Timeline of port ${String(port)}, flag ${first}, then ${second}, in milliseconds. The server's sockets: ` +
    `${seen.join(', ')}. The restart's bind at ${(bind?.startMs ?? 0).toFixed(1)}: ${result}. ` +
    'Every call and state is in the table that follows.'
  );
}

function dataTable({ first, second }: Run, { calls, states }: Timeline): Markup {
  const all = [...calls.map(callRow), ...states.map(stateRow)].sort((a, b) => a.atMs - b.atMs);
  return html`<details>
    <summary>All calls and states as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="All calls and states, ${first}, then ${second}">
      <table>
        <caption>
          Calls and states, flag ${first}, then ${second}; in milliseconds since the first call
        </caption>
        <thead>
          <tr>
            <th scope="col">from</th>
            <th scope="col">to</th>
            <th scope="col">who</th>
            <th scope="col">what</th>
            <th scope="col">result</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ cells }) =>
              html`<tr>
                ${cells}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

interface Row {
  atMs: number;
  cells: Markup;
}

const times = (from: number, to: number): Markup =>
  html`<td class="number">${from.toFixed(2)}</td>
    <td class="number">${to.toFixed(2)}</td>`;

function callRow(call: Call): Row {
  const { actor, startMs, endMs, result } = call;
  const cells = html`${times(startMs, endMs)}
    <td>${actor}</td>
    <td>${callName(call)}</td>
    <td class="${result !== 'ok' && 'refused'}">${result}</td>`;
  return { atMs: startMs, cells };
}

function stateRow({ socket, state, firstMs, lastMs }: StateSpan): Row {
  const cells = html`${times(firstMs, lastMs)}
    <td>kernel</td>
    <td>the ${socket} is in ${state}</td>
    <td></td>`;
  return { atMs: firstMs, cells };
}

async function theWait(waited: Waited): Promise<Markup> {
  const label = `${reportWait(waited).join(' ')} The attempts are in the table that follows.`;
  return html`<h2>Until TIME_WAIT is over</h2>
    <p>
      The restart without the flag (off, then off) was tried again and again.
      <strong>${reportWait(waited).join(' ')}</strong>
    </p>
    <div class="waits">
      <figure>
        ${await waitChart(waited, label)}
        <figcaption>All of it: each thin line is an attempt that was refused</figcaption>
      </figure>
      <figure>
        ${await endChart(waited, label)}
        <figcaption>The last second: each mark is an attempt</figcaption>
      </figure>
    </div>
    ${triesTable(waited)}`;
}

function triesTable({ tries }: Waited): Markup {
  const row = ({ atMs, result, remainingMs }: Waited['tries'][number]): Markup =>
    html`<tr>
      <td class="number">${(atMs / 1000).toFixed(3)}</td>
      <td>${result}</td>
      <td class="number">${remainingMs === null ? '' : (remainingMs / 1000).toFixed(3)}</td>
    </tr>`;
  return html`<details>
    <summary>All ${tries.length} attempts as a table</summary>
    <table>
      <caption>
        The attempts to bind, in seconds since the restart was refused
      </caption>
      <thead>
        <tr>
          <th scope="col">at</th>
          <th scope="col">result of bind</th>
          <th scope="col">left of TIME_WAIT, by the kernel</th>
        </tr>
      </thead>
      <tbody>
        ${tries.map(row)}
      </tbody>
    </table>
  </details>`;
}

function howItWasMeasured({ evidenceError }: Comparison, recorded: readonly Run[]): Content {
  const timelines = recorded.flatMap(({ timeline }) => timeline ?? []);
  const [least] = timelines.map(({ samples }) => samples).sort((a, b) => a - b);
  const every = timelines.flatMap(({ sampleEveryMs }) => sampleEveryMs ?? []);
  if (least === undefined) return undefined;
  return html`<h2>How it was measured</h2>
    <p>
      Server and client are real processes on 127.0.0.1, and each wrote down its own system calls, with the clock that
      all processes of a machine share (CLOCK_MONOTONIC). The states are what the kernel said when it was asked: by the
      server before and after each call (TCP_INFO of its open sockets), and by the program that started it
      ${every.length === 0 ? html`not at all (${evidenceError ?? 'there was no list'})` : samplesIn(least, every)}. A
      bar goes from the first time that a state was named to the last; a state that was shorter than the time from one
      question to the next may be missing. The questions slow the programs down a little.
    </p>`;
}

function samplesIn(least: number, every: readonly number[]): string {
  return `every ${Math.max(...every).toFixed(0)} ms or so (NETLINK_SOCK_DIAG, ${String(least)} times or more for each port)`;
}
