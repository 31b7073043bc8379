/** A diagnosis in Chinese, for a terminal. Pure. The advice is as in English: it is tested word for word. */
import { padColumns, wrapColumns } from '../../language.js';
import { printable } from '../../printable.js';
import type { Diagnosis, Verdict } from '../diagnosis/diagnosis.js';
import type { Flags, Holder } from '../kernel/observation.js';
import { PLAIN, type Paint } from './say.js';
import { WIDTH } from './wrap.js';

/** Of so many sockets the text speaks; the rest is only counted. */
const MOST = 8;

/** What is the matter, of a place that is named before it. */
const SUMMARY: Readonly<Record<Verdict, string>> = {
  free: '空闲，不带任何标志的 bind 就能成功',
  listening: '被占用：有程序正在监听',
  open: '被占用：有程序打开着那里的套接字',
  bound: '被占用：有程序 bind 了它，但既没有监听，也没有连接',
  outgoing: '被占用：一个向外的连接临时用着这个端口',
  connected: '被占用：监听者已经不在了，可它的连接还在',
  expiring: '暂时被占用：没有程序占着它，只有已经结束的连接（TIME_WAIT）还留在内核里',
  unseen: '被占用，但是看不到被谁占用',
  forbidden: '不允许这个用户使用',
  'not-local': '不是这台机器的地址',
  'left-behind': '这个路径是上一次运行留下的，已经没有程序打开它',
  'not-a-socket': '这个路径上不是套接字，而是别的东西',
  'no-folder': '这个路径所在的文件夹不存在',
  'no-port': '可供内核挑选的临时端口已经用完了',
  refused: 'bind 因为别的原因失败',
};

const FLAGS: readonly (readonly [Flags, string])[] = [
  ['none', '不带标志'],
  ['reuseaddr', '带 SO_REUSEADDR'],
  ['reuseport', '带 SO_REUSEPORT'],
  ['both', '两个都带'],
];

const TIME_WAIT = [
  '什么是 TIME_WAIT',
  'TCP 连接结束时，先关闭的一方要把这个连接再记住一段时间，以防迟到的数据包被误当成新连接的数据，也为了能再次应答' +
    '对方重发的 FIN。这段时间里已经没有程序占着端口，但内核仍然拒绝 bind，除非旧的和新的套接字都设置了 SO_REUSEADDR。' +
    '所以服务器应该每次都在 bind() 之前设置它。',
] as const;

/**
 * A diagnosis in Chinese, line by line.
 *
 * @param paint - colours
 */
export function sayInChinese(diagnosis: Diagnosis, paint: Paint = PLAIN): string[] {
  const { verdict, holders, binds, advice } = diagnosis;
  const free = verdict === 'free';
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint.bold(title), ...lines];
  const text = (words: string): string[] => wrapColumns(words, WIDTH, '  ');
  const waits = verdict === 'expiring' && holders.some(({ state }) => state === 'TIME_WAIT');
  return [
    ...wrapColumns(`${place(diagnosis)} ${SUMMARY[verdict]}。`, WIDTH).map((line) =>
      paint.bold((free ? paint.green : paint.red)(line)),
    ),
    ...section('谁占着它', holderLines(holders, paint)),
    ...section('现在 bind 能成功吗？刚刚试过：', bindLines(binds, diagnosis.protocol === 'unix', paint)),
    ...(free ? [] : section('什么时候空出来', text(whenFree(diagnosis)))),
    ...(waits ? section(TIME_WAIT[0], text(TIME_WAIT[1])) : []),
    ...section(
      '怎么办（英文）',
      advice.map((one) => `  - ${one.do}`),
    ),
  ];
}

function place({ protocol, host, port, path }: Diagnosis): string {
  if (path !== undefined) return `路径 ${printable(path.replace(/^\0/, '@'))}`;
  const address = host === undefined || host === '0.0.0.0' || host === '::' ? '' : `（${host}）`;
  return `${protocol === 'udp' ? 'UDP ' : ''}端口 ${String(port)}${address}`;
}

function holderLines(holders: readonly Holder[], paint: Paint): string[] {
  const lines = holders.slice(0, MOST).flatMap((holder) => {
    const { state, local, remote, pid, command, user, expiresInMs } = holder;
    const where = 'path' in local ? local.path.replace(/^\0/, '@') : endpoint(local);
    const details = [
      remote === undefined || remote.port === 0 ? where : `${where} 与 ${endpoint(remote)}`,
      pid === undefined ? '' : `进程 ${command ?? ''}（PID ${String(pid)}）`,
      user === undefined || pid === undefined ? '' : `用户 ${user}`,
      expiresInMs === undefined ? '' : `还剩 ${seconds(expiresInMs)}`,
    ];
    const flags = flagWords(holder);
    return [
      `  ${paint.yellow(state)} ${printable(details.filter(Boolean).join('，'))}`,
      ...(flags === '' ? [] : [paint.dim(`      ${flags}`)]),
    ];
  });
  return holders.length <= MOST ? lines : [...lines, `  还有 ${String(holders.length - MOST)} 个（--json 列出全部）`];
}

function flagWords({ reuseaddr, reuseport, flagsFrom }: Holder): string {
  const word = (name: string, flag: boolean | undefined): string =>
    flag === undefined ? '' : `${name} ${flag ? '开' : '关'}`;
  const known = [word('SO_REUSEADDR', reuseaddr), word('SO_REUSEPORT', reuseport)].filter(Boolean);
  return known.length === 0 ? '' : `${known.join('，')}${flagsFrom === 'probes' ? '（由下面的 bind 推断）' : ''}`;
}

function bindLines(binds: Diagnosis['binds'], flagsDoNotMatter: boolean, paint: Paint): string[] {
  const answer = (result: string): string => (result === 'ok' ? paint.green('能') : paint.red(`不能：${result}`));
  if (binds.none === '') return [];
  if (flagsDoNotMatter) return [`  ${answer(binds.none)}`];
  return FLAGS.map(([flags, words]) => `  ${padColumns(words, 20)}${answer(binds[flags])}`);
}

function whenFree({ verdict, freeInMs }: Diagnosis): string {
  if (freeInMs !== null) return `${seconds(freeInMs)}后自己空出来；内核可能再多用一两秒。`;
  if (verdict === 'listening' || verdict === 'open' || verdict === 'bound') return '等占着它的程序关闭套接字或者退出。';
  return '内核没有说；见下面的建议。';
}

const endpoint = ({ address, port }: { address: string; port: number }): string =>
  address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} 秒`;
