/** What a service tells its manager: sd_notify(3). */
import { AF_UNIX, SCM_RIGHTS, SOCK_DGRAM, SOL_SOCKET } from '../index.js';
import { Socket } from '../promises/index.js';
import { asFd, asList, asObject, asText, integer, invalidType, invalidValue } from '../validate.js';

/** The kernel takes so many descriptors in one message: SCM_MAX_FD. */
const MOST_FDS = 253;

/** What {@link notify} tells. What is left out is not told. */
export interface ServiceState {
  /** READY=1: the service has started, or has loaded its configuration again. */
  ready?: boolean;
  /** RELOADING=1, with MONOTONIC_USEC: it loads its configuration. `ready` must follow. */
  reloading?: boolean;
  /** STOPPING=1: it is about to end. */
  stopping?: boolean;
  /** WATCHDOG=1: it lives. See {@link watchdogIntervalMs}. */
  watchdog?: boolean;
  /** STATUS=: a line for people, which `systemctl status` shows. */
  status?: string;
  /** MAINPID=: which process the service is from now on, after a restart that hands over. */
  mainPid?: number;
  /** EXTEND_TIMEOUT_USEC=: starting or stopping takes so much longer, in milliseconds. */
  extendTimeoutMs?: number;
  /** FDSTORE=1, with the descriptors: the manager keeps duplicates, and gives them to the next start. They stay yours. */
  fds?: readonly number[];
  /** FDNAME=: the name of these descriptors. */
  fdName?: string;
  /** FDSTOREREMOVE=1: the manager drops what it keeps by the name `fdName`. */
  fdStoreRemove?: boolean;
}

/**
 * Tells the service manager how this service is: `sd_notify(3)`, by a datagram to the socket of NOTIFY_SOCKET.
 *
 * @param state - what to tell
 * @returns whether there is a manager that listens: false where NOTIFY_SOCKET is not set
 * @throws TypeError ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, RangeError ERR_OUT_OF_RANGE; SocketError ECONNREFUSED,
 * ENOENT, EACCES, EBADF (a descriptor to keep)
 * @example
 * await listenWith(server, listenFds()[0].fd)
 * await notify({ ready: true, status: 'serving' })
 */
export async function notify(state: ServiceState): Promise<boolean> {
  const text = linesOf(state);
  const fds = asList(state.fds ?? [], 'state.fds', MOST_FDS).map(asFd);
  const path = process.env['NOTIFY_SOCKET'];
  if (!path) return false;
  if (!/^[/@]/.test(path)) throw invalidValue('process.env.NOTIFY_SOCKET', 'must be a path or start with @', path);
  const socket = new Socket(AF_UNIX, SOCK_DGRAM);
  try {
    await socket.sendmsg({
      buffers: [Buffer.from(text)],
      address: { family: 'Unix', path: path.replace(/^@/, '\0') },
      ...(fds.length > 0 ? { control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds }] } : {}),
    });
    return true;
  } finally {
    socket.close();
  }
}

function linesOf(state: ServiceState): string {
  const given = asObject(state, 'state');
  const flag = (name: keyof ServiceState, line: string): string[] => {
    const value = given[name];
    if (value !== undefined && typeof value !== 'boolean') throw invalidType(`state.${name}`, 'of type boolean', value);
    return value === true ? [line] : [];
  };
  const line = (name: keyof ServiceState, key: string): string[] => {
    if (given[name] === undefined) return [];
    const value = asText(given[name], `state.${name}`);
    if (value.includes('\n')) throw invalidValue(`state.${name}`, 'must be one line', value);
    return [`${key}=${value}`];
  };
  const number = (name: keyof ServiceState, key: string, factor: number, min: number): string[] =>
    given[name] === undefined
      ? []
      : [`${key}=${String(integer(given[name], `state.${name}`, min, 2 ** 31 - 1) * factor)}`];
  const lines = [
    ...flag('ready', 'READY=1'),
    ...flag('reloading', `RELOADING=1\nMONOTONIC_USEC=${String(process.hrtime.bigint() / 1000n)}`),
    ...flag('stopping', 'STOPPING=1'),
    ...flag('watchdog', 'WATCHDOG=1'),
    ...line('status', 'STATUS'),
    ...number('mainPid', 'MAINPID', 1, 1),
    ...number('extendTimeoutMs', 'EXTEND_TIMEOUT_USEC', 1000, 0),
    ...(given['fds'] === undefined ? [] : ['FDSTORE=1']),
    ...line('fdName', 'FDNAME'),
    ...flag('fdStoreRemove', 'FDSTOREREMOVE=1'),
  ];
  if (lines.length === 0) throw invalidValue('state', 'must tell something', state);
  return lines.join('\n');
}
