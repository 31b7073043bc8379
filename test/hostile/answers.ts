/** What may come of a call. */
import * as s from 'bsd-sockets';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { Thrown } from './values.js';

const NAMES = new Set([...Object.keys(constants.errno), ...[...getSystemErrorMap().values()].map(([name]) => name)]);
const RANGE = new Set(['ERR_OUT_OF_RANGE', 'ERR_SOCKET_BAD_PORT']);

/** What is wrong with the error of a call, if anything is. */
export function misfit(error: unknown): string | undefined {
  if (error instanceof Thrown) return undefined;
  if (!(error instanceof Error)) return 'it threw something that is no Error';
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === undefined) return `no code: ${error.stack ?? error.message}`;
  if (code.startsWith('ERR_')) {
    const fits = RANGE.has(code) ? error instanceof RangeError : error instanceof TypeError;
    return fits ? undefined : `${code} is a ${error.name}`;
  }
  const known = NAMES.has(code) || code === 'E524'; // ENOTSUPP, which the kernel should keep to itself
  if (!known || !(error instanceof s.SocketError)) return `${error.name} ${code}`;
  return typeof errno === 'number' && errno < 0 ? undefined : `${code} with errno ${String(errno)}`;
}

/** The arguments in words; no property of them is looked at, since it may be a trap. */
export function shown(args: readonly unknown[]): string {
  const text = (value: unknown): string =>
    typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 40) : typeof value;
  return args.map(text).join(', ');
}
