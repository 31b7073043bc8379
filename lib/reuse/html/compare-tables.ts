/** The tables of a comparison: what its charts show, for those who read line by line. */
import type { Tell } from '../../language.js';
import type { Run, Waited } from '../comparison.js';
import { WORDS } from '../sentences-zh.js';
import { callName, type Call, type StateSpan, type Timeline } from '../timeline.js';
import { html, type Markup } from './markup.js';

/** All calls and states of a pair of runs. */
export function callsTable({ first, second }: Run, { calls, states }: Timeline, t: Tell): Markup {
  const all = [...calls.map((call) => callRow(call, t)), ...states.map((span) => stateRow(span, t))];
  all.sort((a, b) => a.atMs - b.atMs);
  const title = t('All calls and states', '全部调用和状态');
  const flags = t(`${first}, then ${second}`, `先${WORDS[first]}，后${WORDS[second]}`);
  return html`<details>
    <summary>${t('All calls and states as a table', '全部调用和状态，列成表')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="${title}${t(', ', '，')}${flags}">
      <table>
        <caption>
          ${t(
            `Calls and states, flag ${flags}; in milliseconds since the first call`,
            `调用和状态，标志${flags}；从第一个调用起的毫秒数`,
          )}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('from', '从')}</th>
            <th scope="col">${t('to', '到')}</th>
            <th scope="col">${t('who', '谁')}</th>
            <th scope="col">${t('what', '做了什么')}</th>
            <th scope="col">${t('result', '结果')}</th>
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

const ACTORS: Readonly<Record<Call['actor'], string>> = {
  'first run': '第一次运行',
  client: '客户端',
  restart: '重启',
};

/** Who makes a call. */
export const actorName = (actor: Call['actor'], t: Tell): string => t<string>(actor, ACTORS[actor]);

/** One of the server's sockets. */
export const socketName = (socket: StateSpan['socket'], t: Tell): string =>
  t<string>(socket, { listener: '监听套接字', connection: '连接' }[socket]);

function callRow(call: Call, t: Tell): Row {
  const { actor, startMs, endMs, result } = call;
  const cells = html`${times(startMs, endMs)}
    <td>${actorName(actor, t)}</td>
    <td>${callName(call)}</td>
    <td class="${result !== 'ok' && 'refused'}">${result}</td>`;
  return { atMs: startMs, cells };
}

function stateRow({ socket, state, firstMs, lastMs }: StateSpan, t: Tell): Row {
  const cells = html`${times(firstMs, lastMs)}
    <td>${t('kernel', '内核')}</td>
    <td>${t(`the ${socket} is in ${state}`, `${socketName(socket, t)}处于 ${state}`)}</td>
    <td></td>`;
  return { atMs: firstMs, cells };
}

/** All attempts of a wait. */
export function triesTable({ tries }: Waited, t: Tell): Markup {
  const row = ({ atMs, result, remainingMs }: Waited['tries'][number]): Markup =>
    html`<tr>
      <td class="number">${(atMs / 1000).toFixed(3)}</td>
      <td>${result}</td>
      <td class="number">${remainingMs === null ? '' : (remainingMs / 1000).toFixed(3)}</td>
    </tr>`;
  const many = String(tries.length);
  return html`<details>
    <summary>${t(`All ${many} attempts as a table`, `全部 ${many} 次尝试，列成表`)}</summary>
    <table>
      <caption>
        ${t('The attempts to bind, in seconds since the restart was refused', '每次 bind 的尝试，从重启被拒绝起的秒数')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${t('at', '时刻')}</th>
          <th scope="col">${t('result of bind', 'bind 的结果')}</th>
          <th scope="col">${t('left of TIME_WAIT, by the kernel', '内核说 TIME_WAIT 还剩')}</th>
        </tr>
      </thead>
      <tbody>
        ${tries.map(row)}
      </tbody>
    </table>
  </details>`;
}
