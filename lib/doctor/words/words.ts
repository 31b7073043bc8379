/** Words that the diagnosis, the advice and the text have in common. Pure. */
import { tellIn, type Tell } from '../../language.js';
import type { Case } from '../diagnosis/diagnosis.js';
import { endpoint } from '../kernel/holder.js';
import { printable, quotedForShell } from '../../printable.js';
import type { Holder, Observation, Target } from '../kernel/observation.js';

/** The chooser of the language that a case is told in. */
export const tellOf = ({ language }: Pick<Case, 'language'>): Tell => tellIn(language);

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[], t: Tell): string {
  const separator = t(', ', '、');
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(separator)}${t(' and ', '和 ')}${words.at(-1) ?? ''}`;
}

/** `12,000`. */
export const digits = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 connection`, `12,000 connections`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${digits(number)} ${number === 1 ? one : many}`;
}

/** The same in either language. */
export function connections(number: number, t: Tell): string {
  return t(count(number, 'connection'), `${digits(number)} 个连接`);
}

/** `43.2 s`. */
export function seconds(ms: number, t: Tell): string {
  return `${(ms / 1000).toFixed(1)} ${t('s', '秒')}`;
}

/** A path as it is typed after `--unix`: an abstract name with `@` in front. */
export function pathWord(path: string): string {
  return printable(path.startsWith('\0') ? `@${path.slice(1)}` : path);
}

/** A path in a command for a shell. */
export function quoted(path: string): string {
  return quotedForShell(path.startsWith('\0') ? `@${path.slice(1)}` : path);
}

/** The target at the beginning of a sentence: `Port 80`, `UDP port 53`, `The path /tmp/x`. */
export function subject({ protocol, address }: Target, t: Tell): string {
  if (protocol === 'unix') {
    const path = pathWord(address.path);
    return address.path.startsWith('\0')
      ? t(`The abstract name ${path}`, `抽象名字 ${path}`)
      : t(`The path ${path}`, `路径 ${path}`);
  }
  const port = String(address.port);
  return protocol === 'udp' ? t(`UDP port ${port}`, `UDP 端口 ${port}`) : t(`Port ${port}`, `端口 ${port}`);
}

/** What bind(2) is given: `0.0.0.0:80`, or the path. */
export function boundTo({ protocol, address }: Target): string {
  return protocol === 'unix' ? pathWord(address.path) : endpoint(address);
}

/** A process: `node (PID 42)`. */
export function processWord({ pid = 0, command = '' }: Pick<Holder, 'pid' | 'command'>): string {
  return command === '' ? `PID ${String(pid)}` : `${printable(command)} (PID ${String(pid)})`;
}

const MANAGERS: readonly (readonly [RegExp, string])[] = [
  [/^the systemd unit (.+)$/, ' systemd 单元 $1'],
  [/^the docker container (.+)$/, ' docker 容器 $1'],
  [/^the podman container (.+)$/, ' podman 容器 $1'],
  [/^the container (.+)$/, '容器 $1'],
  [/^a pod of Kubernetes.*$/, '一个 Kubernetes pod（它会再次启动它）'],
  [/^docker, which publishes.*$/, ' docker（它为一个容器发布这个端口）'],
  [/^a watcher$/, '一个监视文件的程序'],
  [/^(.+)$/, ' $1'],
];

/** Who looks after a process, as a part of a sentence. */
export function managerName(name: string, t: Tell): string {
  const [pattern, chinese] = MANAGERS.find(([one]) => one.test(name)) ?? [/^/, ''];
  return printable(t(name, name.replace(pattern, chinese)));
}

/** The command that asks about this target again, or does something about it. */
export function commandOn(
  {
    target,
    program = 'bsd-sockets',
    programForRoot = program,
  }: Pick<Observation, 'target' | 'program' | 'programForRoot'>,
  { word = 'why', asRoot = false, options = [] as readonly string[] } = {},
): string {
  const { protocol, address } = target;
  const what =
    protocol === 'unix'
      ? ['--unix', quoted(address.path)]
      : [
          String(address.port),
          ...(target.dual === true || (protocol === 'udp' && address.address === '0.0.0.0')
            ? []
            : ['--host', address.address]),
          ...(protocol === 'udp' ? ['--udp'] : []),
        ];
  return [...(asRoot ? ['sudo', programForRoot] : [program]), word, ...what, ...options].join(' ');
}

/** What stands before a command that only root may run. */
export const sudo = (uid: number): string => (uid === 0 ? '' : 'sudo ');
