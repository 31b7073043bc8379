/**
 * What the kernel chooses anew each time is told by symbols, in the order of appearance: the answers of the two sides
 * are compared after this. This is the one place that knows what may differ:
 *
 * - ephemeral ports and netlink port ids: P1, P2 … and N1, N2 …; the process id: self
 * - the folder of paths and the prefix of abstract names: each side has its own, of the same length
 * - names that the kernel made for unix sockets (autobind): A1, A2 …
 * - times of arrival (SO_TIMESTAMP and its kin): their length is compared, not the time
 *
 * Where ours is meant to differ from C, interpreter.c says so and does as ours: descriptors are close-on-exec;
 * MSG_CMSG_CLOEXEC is not told among a message's flags; SO_GET_FILTER counts bytes; -1 is never a descriptor; a name
 * of 108 bytes is not 111 long.
 */
import { SO_PEERCRED, SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, SCM_CREDENTIALS, SOL_SOCKET } from 'bsd-sockets';
import { hexText } from './words.js';

/** What is one side's own. */
export interface Side {
  pid: number;
  folder: string;
  prefix: string;
}

const FIRST_EPHEMERAL_PORT = 32768;
/** Port ids that the kernel chooses when the process id is taken: negative ones. */
const FIRST_KERNEL_PORT_ID = 2 ** 31;
const TIMES = [SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMPING].map((type) => `${String(SOL_SOCKET)}:${String(type)}:`);
const CREDENTIALS = `${String(SOL_SOCKET)}:${String(SCM_CREDENTIALS)}:`;
const PEER_CREDENTIALS = ` ${String(SOL_SOCKET)} ${String(SO_PEERCRED)} `;
const AUTOBOUND = /^u\/00(3\d|6[1-6]){5}$/;

/** The answers to `calls`, comparable with those of the other side. */
export function canonical(calls: readonly string[], answers: readonly string[], side: Side): string[] {
  const symbols = new Map<string, string>();
  const symbol = (letter: string, text: string): string => {
    const key = letter + text;
    const count = [...symbols.keys()].filter((known) => known.startsWith(letter)).length;
    const known = symbols.get(key) ?? `${letter}${String(count + 1)}`;
    symbols.set(key, known);
    return known;
  };
  const selfHex = Buffer.from(Int32Array.of(side.pid).buffer).toString('hex');
  const hideSelf = (hex: string): string => {
    const start = hex.slice(0, selfHex.length); // it may be cut
    return start.length > 1 && selfHex.startsWith(start)
      ? `self${String(start.length)}${hex.slice(selfHex.length)}`
      : hex;
  };
  const word = (text: string): string => {
    if (/^[46]\//.test(text)) return hidePort(text, symbol);
    if (text.startsWith('n/')) return hidePortId(text, side.pid, symbol);
    if (text.startsWith('u/')) return AUTOBOUND.test(text) ? symbol('A', text) : hideOwnName(text, side);
    if (TIMES.some((time) => text.startsWith(time)))
      return text.replace(/[0-9a-f]+(=.*)?$/, (hex) => `time${String(hex.length)}`);
    if (!text.startsWith(CREDENTIALS)) return text;
    const [hex = '', words = ''] = text.slice(CREDENTIALS.length).split('=');
    return `${CREDENTIALS}${hideSelf(hex)}=${words.replace(new RegExp(`^${String(side.pid)}/`), 'self/')}`;
  };
  return answers.map((answer, index) => {
    const words = answer.split(' ').map(word);
    return (calls[index]?.includes(PEER_CREDENTIALS) ? words.map(hideSelf) : words).join(' ');
  });
}

function hidePort(address: string, symbol: (letter: string, text: string) => string): string {
  const [family, ip, port = '', ...rest] = address.split('/');
  return [family, ip, Number(port) < FIRST_EPHEMERAL_PORT ? port : symbol('P', port), ...rest].join('/');
}

function hidePortId(address: string, pid: number, symbol: (letter: string, text: string) => string): string {
  const [family, id = '', groups] = address.split('/');
  const hidden = Number(id) === pid ? 'self' : Number(id) >= FIRST_KERNEL_PORT_ID ? symbol('N', id) : id;
  return [family, hidden, groups].join('/');
}

function hideOwnName(name: string, { folder, prefix }: Side): string {
  return name.replace(hexText(Buffer.from(`\0${prefix}`)), 'abstract:').replace(hexText(Buffer.from(folder)), 'path:');
}
