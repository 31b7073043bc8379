/** What the report of a matrix says, in Chinese. */
import { WIDTH } from '../../doctor/words/wrap.js';
import { wrapColumns } from '../../language.js';
import type { Flags } from '../../doctor/kernel/observation.js';
import { differs, type Matrix, type MatrixRow } from './matrix.js';
import type { MatrixWords } from './matrix-words.js';

const EXISTING: Readonly<Record<string, string>> = {
  'bound only': '只 bind，没有监听',
  'LISTEN with TIME_WAIT': 'LISTEN，另有 TIME_WAIT',
  'ESTABLISHED, no listener': 'ESTABLISHED，无监听者',
  'FIN_WAIT2 orphan': 'FIN_WAIT2，无主',
  'closed by the client first': '客户端先关闭',
  reset: '连接被重置',
  'TIME_WAIT, SO_REUSEADDR set on the accepted socket': 'TIME_WAIT，在 accept 得到的套接字上打开 SO_REUSEADDR',
  'TIME_WAIT, SO_REUSEADDR cleared on the accepted socket': 'TIME_WAIT，在 accept 得到的套接字上关掉 SO_REUSEADDR',
  'TIME_WAIT, SO_REUSEADDR set on the server after listen()': 'TIME_WAIT，listen() 之后才在服务器上打开 SO_REUSEADDR',
  'bound only, but it listens before the new one does': '只 bind，但抢在新套接字之前开始监听',
  'UDP bound': 'UDP，已 bind',
  'UDP bound, SO_REUSEADDR set after bind()': 'UDP，bind() 之后才打开 SO_REUSEADDR',
};

/** What the flags of a socket are called. */
const FLAGS: Readonly<Record<Flags, string>> = {
  none: '没有标志',
  reuseaddr: '有 SO_REUSEADDR',
  reuseport: '有 SO_REUSEPORT',
  both: '两个标志都有',
};

const existing = (name: string): string => EXISTING[name] ?? name;

/** Chinese words. */
export const CHINESE: MatrixWords = {
  flagNames: FLAGS,
  headline: 'bind() 什么时候会说“Address already in use”（地址已被占用）？',
  measured: '刚刚在这台机器上测得：',
  intro:
    '一个套接字已经占着端口，叫做旧套接字；新套接字想要同一个端口：先 bind()，成功了再 listen()。' +
    '两者属于同一个用户。区别在于：谁设置了哪个标志？',
  flags: '  -  没有标志     A  SO_REUSEADDR     P  SO_REUSEPORT     AP  两个都有',
  worked: '成功',
  bindFailed: 'bind() 失败：EADDRINUSE，“Address already in use”',
  listenFailed: 'bind() 成功，但 listen() 失败：EADDRINUSE',
  otherError: '别的错误，列在最后',
  differs: '写在结果后面：和模型预期的不一样',
  sections: {
    states: '1. 旧套接字处在什么状态',
    addresses: '2. 两者的地址',
    accepted: '3. 哪个标志算数、谁可以监听，以及 UDP',
  },
  oldSocket: '旧套接字：',
  old: '旧',
  new: '新',
  existing,
  states: [
    '  LISTEN       服务器在等客户端',
    '  ESTABLISHED  服务器正在和客户端通信，监听套接字已经关闭',
    '  FIN_WAIT2    服务器已经关闭自己这一端，客户端还没有；',
    '               无主：已经没有进程持有这一端',
    '  CLOSE_WAIT   客户端已经关闭，服务器还没有',
    '  TIME_WAIT    两端都已关闭，服务器在先：内核把服务器这一端再保留一段时间。',
    '               如果客户端先关闭，TIME_WAIT 就在客户端的端口上',
    '  连接被重置   客户端强行中断了连接',
  ],
  how: '左边：旧套接字在哪个地址监听。上边：新套接字想在哪个地址用这个端口。',
  noFlags: '没有标志：',
  withFlags: (flags) => `两个套接字都有 ${flags}：`,
  same: '结果相同。',
  all: (count) => `${String(count)} 格全部 ✓。`,
  addresses:
    '0.0.0.0 是全部 IPv4 地址；:: 是全部 IPv6 地址，而且包括 IPv4，除非它是 V6ONLY（IPV6_V6ONLY）。' +
    '::ffff:127.0.0.1 就是 IPv6 套接字眼中的 127.0.0.1。',
  accepted: 'accept() 交给服务器的那个套接字最后进入 TIME_WAIT，监听套接字不会。',
  example,
  otherErrors: (rows) =>
    rows
      .filter(({ result }) => result !== 'ok' && result !== 'EADDRINUSE')
      .map((row) => `E：${title(row)}：${row.at}() 失败，${row.result}。`),
  agreement,
  where: '每一格为什么是这样？--html 文件 会写出一个网页来说明，--json 里也有（英文）。',
  wrap: (text, others = '') => wrapColumns(text, WIDTH, '', others),
};

function example(rows: readonly MatrixRow[]): string[] {
  const told = (old: Flags, first: string): string[] =>
    rows
      .filter((row) => row.existing === 'TIME_WAIT' && row.existingFlags === old && row.newFlags === 'reuseaddr')
      .map(({ result }) => `${first}，${result === 'ok' ? '就能拿到端口' : `就会失败：${result}`}`);
  const cases = [...told('none', '如果上一次运行没有设置标志'), ...told('reuseaddr', '如果上一次运行也设置了它')];
  if (cases.length === 0) return [];
  const start = '举个例子：服务器先关闭连接，然后退出，于是端口上留下 TIME_WAIT。';
  return [`${start}现在带着 SO_REUSEADDR 重新启动它：${cases.join('；')}。`];
}

function agreement({ system, rows }: Matrix): string[] {
  const different = rows.filter(differs);
  const unknown = rows.filter(({ model }) => model === 'unknown').length;
  const known = rows.length - unknown;
  const model = system === 'Linux' ? '我们的 Linux 规则模型' : `我们的模型（它描述的是 Linux，而不是 ${system}）`;
  const which =
    different.length === 0
      ? `全部 ${String(known)} 格都和${model}预期的一样。`
      : `${String(known)} 格里有 ${String(known - different.length)} 格和${model}预期的一样，下面这些不是：`;
  return [
    ...(known === 0 ? [] : [which]),
    ...different.map((row) => `! ${title(row)}：实际是 ${row.result}，预期是 ${row.model}。${row.because.zh}`),
    ...(unknown === 0 ? [] : [`模型说不出该是什么的有 ${String(unknown)} 格。`]),
  ];
}

/** A cell in words. */
function title(row: MatrixRow): string {
  const old = `${existing(row.existing)}，在 ${row.existingAddress}，${FLAGS[row.existingFlags]}`;
  return `${old}；新套接字在 ${row.newAddress}，${FLAGS[row.newFlags]}`;
}
