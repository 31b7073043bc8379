/** The sentences about a comparison in Chinese. They say what was measured, and nothing else. Pure. */
import type { Comparison, Run, Waited } from './comparison.js';
import { pattern, sawTimeWaitInAll } from './sentences.js';

/** What the kernel held, what became of the restarts, and what that says about the flag. */
export function sentencesInChinese(comparison: Comparison): string[] {
  return [whatWasThere(comparison), whatHappened(comparison.runs), whatDecided(comparison)];
}

const seconds = (ms: number): string => (Math.floor(ms / 10) / 100).toFixed(2);

function whatWasThere({ runs, evidenceError }: Comparison): string {
  if (evidenceError !== undefined)
    return `端口上当时有什么，无从得知：这个系统没有可供读取的套接字列表（${evidenceError}）。`;
  const left = runs.map(({ evidence }) => evidence.filter(({ state }) => state === 'TIME_WAIT'));
  const cases = left.filter((sockets) => sockets.length > 0).length;
  if (cases === 0) return '重启的时候，内核在这几个端口上都没有列出处于 TIME_WAIT 的套接字。';
  const least = Math.min(...left.flat().map(({ expiresInMs }) => expiresInMs ?? 0));
  return (
    'TCP 连接的两端中，先关闭的一方要在 TIME_WAIT 状态下把这个连接再记住一段时间，以防网络里还有迟到的数据包。' +
    `这里先关闭的是服务器：${String(runs.length)} 次里有 ${String(cases)} 次，重启时端口上还留着 TIME_WAIT，` +
    `至少还要 ${seconds(least)} 秒才会消失。这时已经没有任何程序占着端口，拒绝 bind 的是内核。`
  );
}

function whatHappened(runs: readonly Run[]): string {
  const worked = runs.filter(({ result }) => result === 'ok');
  const refused = runs.length - worked.length;
  const codes = [...new Set(runs.flatMap(({ result }) => (result === 'ok' ? [] : [result])))].join('、');
  const pairs = worked.map(({ first, second }) => `${WORDS[first]}/${WORDS[second]}`).join('、');
  const got = worked.length === 0 ? '没有一次拿到端口' : `${String(worked.length)} 次拿到了端口（${pairs}）`;
  const meaning = codes === 'EADDRINUSE' ? '（Address already in use，地址已被占用）' : '';
  const not = refused === 0 ? '没有一次被拒绝' : `${String(refused)} 次被拒绝，错误是 ${codes}${meaning}`;
  return `${String(runs.length)} 次重启中，${got}，${not}。`;
}

/** The flag of a run. */
export const WORDS = { off: '关', on: '开' } as const;

const RULES: Readonly<Record<string, string>> = {
  'no no no ok':
    '前后两次运行都必须设置这个标志：没有设置它的那次运行在端口上留下的东西，连设置了它的重启也会被拒绝。' +
    '所以，请每次都在 bind() 之前设置 SO_REUSEADDR。',
  'no ok no ok': '只看重启时有没有设置这个标志，第一次运行设置与否没有影响。',
  'no no ok ok': '只看第一次运行有没有设置这个标志，重启时设置与否没有影响。',
  'no ok ok ok': '两次运行中有一次设置了这个标志就够了。',
  'ok ok ok ok': '这个标志没有造成差别：每次重启都成功了。',
  'no no no no': '这个标志没有造成差别：没有一次重启成功，两次都设置了也不行。',
};

/** The outcomes of a rule in one sentence, without a reason. */
const HEADLINES: Readonly<Record<string, string>> = {
  'no no no ok': '前后两次运行都设置 SO_REUSEADDR，重启的服务器才能拿回端口',
  'no ok no ok': '重启的服务器自己设置 SO_REUSEADDR，就能拿回端口',
  'no no ok ok': '上一次运行设置了 SO_REUSEADDR，重启的服务器就能拿回端口',
  'no ok ok ok': '两次运行中有一次设置了 SO_REUSEADDR，重启的服务器就能拿回端口',
  'ok ok ok ok': '不管有没有设置 SO_REUSEADDR，重启的服务器都能拿回端口',
  'no no no no': '即使两次运行都设置 SO_REUSEADDR，重启的服务器也拿不回端口',
};

/** What was found, in one sentence. */
export function headlineInChinese(comparison: Comparison): string {
  const { runs } = comparison;
  const worked = runs.filter(({ result }) => result === 'ok').length;
  const known = sawTimeWaitInAll(comparison) ? HEADLINES[pattern(runs)] : undefined;
  return known ?? `${String(runs.length)} 次重启中，有 ${String(worked)} 次拿回了端口`;
}

function whatDecided(comparison: Comparison): string {
  const { system, runs } = comparison;
  if (!sawTimeWaitInAll(comparison))
    return `在这个 ${system} 上是什么决定了结果，这里不下结论：并不是每次重启时都看到了 TIME_WAIT。`;
  const rule = RULES[pattern(runs)];
  if (rule === undefined) return `出乎意料：在这个 ${system} 上，没有一条简单的规则能解释结果，请再比较一次。`;
  return `值得注意的是，在这个 ${system} 上，${rule}`;
}

/** How the wait for the off/off restart went. */
export function waitInChinese({ kernelSaidMs, tookMs, attempts }: Waited): string {
  const took = `过了 ${(tookMs / 1000).toFixed(2)} 秒，第 ${String(attempts)} 次尝试时，重启成功了`;
  if (kernelSaidMs === null) return `${took}；内核事先没有说要等多久。`;
  const late = tookMs - kernelSaidMs;
  const difference = `${(Math.abs(late) / 1000).toFixed(2)} 秒`;
  return `${took}；内核事先说的是 ${(kernelSaidMs / 1000).toFixed(2)} 秒，${late < 0 ? '早' : '晚'}了 ${difference}。`;
}
