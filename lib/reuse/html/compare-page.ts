/** A comparison as a page. */
import { type Language, type Tell, tellIn } from '../../language.js';
import type { Comparison, Flag, Run, Waited } from '../comparison.js';
import { waitSentence } from '../report.js';
import { headlineInChinese, sentencesInChinese, WORDS } from '../sentences-zh.js';
import { headline, sentences } from '../sentences.js';
import type { Timeline } from '../timeline.js';
import { callsTable, triesTable } from './compare-tables.js';
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
export async function comparePage(comparison: Comparison, waited?: Waited, language: Language = 'en'): Promise<string> {
  const t = tellIn(language);
  const { system, kernel, runs } = comparison;
  const layouts = layOut(runs.flatMap(({ timeline }) => timeline ?? []));
  const recorded = runs.filter(({ timeline }) => timeline !== undefined);
  const cards = runs.map((run) => card(run, layouts[recorded.indexOf(run)], t));
  const told = language === 'zh' ? sentencesInChinese(comparison) : sentences(comparison);
  const body = html`
    <p>
      ${t(
        html`A server serves one client and ends; then it is started again on the same port. That was done four times on
          this machine, with the option <code>SO_REUSEADDR</code> off or on in each of the two runs.`,
        html`服务器为一个客户端服务，然后退出，再在同一个端口上重新启动。在这台机器上这样做了四次，两次运行中
          <code>SO_REUSEADDR</code> 选项或关或开。`,
      )}
    </p>
    <div class="found">
      ${verdicts(runs, t)}
      <div>${told.map((sentence) => html`<p>${sentence}</p>`)}</div>
    </div>
    <h2>${t('The four restarts, moment by moment', '四次重启的详细经过')}</h2>
    ${recorded.length === 0 ? html`<p>${t('The moments were not recorded.', '没有记录每个时刻。')}</p>` : key(t)}
    <div class="cards">${await Promise.all(cards)}</div>
    ${waited && (await theWait(waited, language))} ${howItWasMeasured(comparison, recorded, t)}
  `;
  return page({
    language,
    title: t('SO_REUSEADDR compared', 'SO_REUSEADDR 的比较'),
    headline: language === 'zh' ? headlineInChinese(comparison) : headline(comparison),
    origin: t(
      `bsd-sockets compare, measured on ${system} ${kernel}`,
      `bsd-sockets compare，在 ${system} ${kernel} 上测得`,
    ),
    style: STYLE,
    body,
  });
}

const kind = ({ result }: Run): string => (result === 'ok' ? 'ok' : 'refused');
const verdict = ({ result }: Run, t: Tell): string =>
  result === 'ok' ? t('✓ got the port', '✓ 拿到了端口') : `✗ ${result}`;

/** What became of each restart, as a table of two by two. */
function verdicts(runs: readonly Run[], t: Tell): Markup {
  const cell = (first: string, second: string): Content => {
    const run = runs.find((one) => one.first === first && one.second === second);
    return run && html`<td class="${kind(run)}">${verdict(run, t)}</td>`;
  };
  const row = (first: Flag): Markup =>
    html`<tr>
      <th scope="row">${t(`First run: ${first}`, `第一次运行：${WORDS[first]}`)}</th>
      ${cell(first, 'off')}${cell(first, 'on')}
    </tr>`;
  return html`<div class="scroll">
    <table class="verdicts">
      <caption>
        ${t(
          'Did the restart get the port? SO_REUSEADDR off and on, in the first run and in the restart',
          '重启拿到端口了吗？第一次运行和重启时，SO_REUSEADDR 各关、开一次',
        )}
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">${t('Restart: off', '重启：关')}</th>
          <th scope="col">${t('Restart: on', '重启：开')}</th>
        </tr>
      </thead>
      <tbody>
        ${row('off')}${row('on')}
      </tbody>
    </table>
  </div>`;
}

function key(t: Tell): Markup {
  const swatch = (name: string): Markup =>
    html`<span class="swatch" style="background: var(--${name}); border-color: var(--${name}-edge)"></span>`;
  return html`<p>
      ${t(
        "Time goes down. The server's two sockets are the bars, its system calls are at the right, each at its moment. " +
          'The clock is not drawn to scale: calls that follow each other quickly are pulled apart, and quiet times are ' +
          'pressed together.',
        '时间从上往下走。色条是服务器的两个套接字，右边是它的系统调用，各在其发生的时刻。' +
          '时间轴不按比例：紧接着发生的调用被拉开，没有动静的时间被压短。',
      )}
    </p>
    <ul class="key" role="list">
      <li>
        ${swatch('listen')}<strong>LISTEN</strong>${t(
          ': the listener waits for clients. CLOSE: it only has a port yet.',
          '：监听套接字在等客户端。CLOSE：它还只是有了端口。',
        )}
      </li>
      <li>
        ${swatch('established')}<strong>ESTABLISHED</strong>${t(': a client is connected.', '：有一个客户端连着。')}
      </li>
      <li>
        ${swatch('other')}<strong>${t('FIN_WAIT1, FIN_WAIT2', 'FIN_WAIT1、FIN_WAIT2')}</strong>${t(
          ': the server has closed, the client has not yet.',
          '：服务器已经关闭，客户端还没有。',
        )}
      </li>
      <li>
        ${swatch('wait')}<strong>TIME_WAIT</strong>${t(
          ": both have closed; the kernel keeps the port's old connection, with no program behind it. This is what the " +
            'restart meets.',
          '：两端都已关闭；内核还把端口上的旧连接留着，背后已经没有程序。重启时碰到的就是它。',
        )}
      </li>
    </ul>`;
}

async function card(run: Run, layout: Layout | undefined, t: Tell): Promise<Markup> {
  const { first, second, timeline, evidence } = run;
  const chart = timeline && layout && (await timelineChart(run, timeline, layout, inWords(run, timeline, t), t));
  const there = evidence.map(({ state }) => state).join(t(', ', '、'));
  const label = t(`First run ${first}, restart ${second}`, `第一次运行${WORDS[first]}，重启${WORDS[second]}`);
  return html`<section class="card ${kind(run)}" aria-label="${label}">
    <h3>
      ${t(`${first}, then ${second}: `, `先${WORDS[first]}，后${WORDS[second]}：`)}<span class="${kind(run)}"
        >${verdict(run, t)}</span
      >
    </h3>
    <p class="muted">
      ${t('On the port at the restart: ', '重启时端口上有：')}${there === '' ? t('nothing known', '不知道') : there}
    </p>
    ${chart && html`<figure>${chart}</figure>`} ${timeline && callsTable(run, timeline, t)}
  </section>`;
}

/** For those who cannot see the chart. */
function inWords({ first, second, result, port }: Run, { states, calls }: Timeline, t: Tell): string {
  const bind = calls.find(({ actor, name }) => actor === 'restart' && name === 'bind');
  const boundAt = (bind?.startMs ?? 0).toFixed(1);
  const seen = states.map(({ state, firstMs, lastMs }) => {
    const [from, to] = [firstMs.toFixed(1), lastMs.toFixed(1)];
    return t(`${state} from ${from} to ${to}`, `${state} 从 ${from} 到 ${to}`);
  });
  return t(
    `Timeline of port ${String(port)}, flag ${first}, then ${second}, in milliseconds. The server's sockets: ` +
      `${seen.join(', ')}. The restart's bind at ${boundAt}: ${result}. ` +
      'Every call and state is in the table that follows.',
    `端口 ${String(port)} 的时间线，标志先${WORDS[first]}后${WORDS[second]}，单位是毫秒。服务器的套接字：` +
      `${seen.join('，')}。重启的 bind 在 ${boundAt}：${result}。每个调用和状态都在下面的表里。`,
  );
}

async function theWait(waited: Waited, language: Language): Promise<Markup> {
  const t = tellIn(language);
  const sentence = waitSentence(waited, language);
  const label = `${sentence}${t(' The attempts are in the table that follows.', '每次尝试都在下面的表里。')}`;
  return html`<h2>${t('Until TIME_WAIT is over', '直到 TIME_WAIT 结束')}</h2>
    <p>
      ${t(
        'The restart without the flag (off, then off) was tried again and again. ',
        '没有标志的那次重启（先关，后关）被一次又一次地重试。',
      )}<strong>${sentence}</strong>
    </p>
    <div class="waits">
      <figure>
        ${await waitChart(waited, label, t)}
        <figcaption>
          ${t('All of it: each thin line is an attempt that was refused', '全过程：每条细线是一次被拒绝的尝试')}
        </figcaption>
      </figure>
      <figure>
        ${await endChart(waited, label, t)}
        <figcaption>${t('The last second: each mark is an attempt', '最后一秒：每个记号是一次尝试')}</figcaption>
      </figure>
    </div>
    ${triesTable(waited, t)}`;
}

function howItWasMeasured({ evidenceError }: Comparison, recorded: readonly Run[], t: Tell): Content {
  const timelines = recorded.flatMap(({ timeline }) => timeline ?? []);
  const [least] = timelines.map(({ samples }) => samples).sort((a, b) => a - b);
  const every = timelines.flatMap(({ sampleEveryMs }) => sampleEveryMs ?? []);
  if (least === undefined) return undefined;
  const [ms, times] = [Math.max(...every).toFixed(0), String(least)];
  const sampled =
    every.length === 0
      ? t(`not at all (${evidenceError ?? 'there was no list'})`, `根本没有问到（${evidenceError ?? '没有列表可读'}）`)
      : t(
          `every ${ms} ms or so (NETLINK_SOCK_DIAG, ${times} times or more for each port)`,
          `大约每 ${ms} ms 问一次（NETLINK_SOCK_DIAG，每个端口至少 ${times} 次）`,
        );
  return html`<h2>${t('How it was measured', '怎样测的')}</h2>
    <p>
      ${t(
        'Server and client are real processes on 127.0.0.1, and each wrote down its own system calls, with the clock that ' +
          'all processes of a machine share (CLOCK_MONOTONIC). The states are what the kernel said when it was asked: by ' +
          'the server before and after each call (TCP_INFO of its open sockets), and by the program that started it ' +
          `${sampled}. A bar goes from the first time that a state was named to the last; a state that was shorter than ` +
          'the time from one question to the next may be missing. The questions slow the programs down a little.',
        '服务器和客户端是 127.0.0.1 上真实的进程，各自记下自己的系统调用，用的是同一台机器上所有进程共用的时钟' +
          '（CLOCK_MONOTONIC）。状态是内核被问到时的回答：服务器在每次调用前后各问一次（用 TCP_INFO 问它打开着的套接字），' +
          `启动它的程序则${sampled}。色条从一个状态第一次被说到的时刻，画到最后一次；` +
          '比两次提问的间隔还短的状态可能看不到。提问会让这些程序稍微慢一点。',
      )}
    </p>`;
}
