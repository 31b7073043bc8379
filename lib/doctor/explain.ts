/** From an error of bind, listen or connect to the diagnosis. */
import { isIP } from '../ip.js';
import type { Protocol } from './kernel/inet-diag.js';
import { SocketError } from './kernel/calls.js';
import type { Language } from '../language.js';
import { asObject, invalidValue } from '../validate.js';
import type { Diagnosis } from './diagnosis/diagnosis.js';
import { tryBind } from './kernel/probe.js';
import { asTarget, languageFor, type Place, type PlaceOptions, type WordOptions } from './kernel/target.js';
import { diagnoseConnect, diagnosePortZero, diagnoseUnknown } from './no-port.js';
import { why } from './why.js';

/** How an error is explained. Of a connect, and of a bind to port 0, the sentences are English in any language. */
export interface ExplainOptions extends PlaceOptions, WordOptions {
  /** What bind was given, where the error does not tell it. */
  address?: Place;
}

const PLACED: readonly unknown[] = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'];

/**
 * Why bind(2), listen(2) or connect(2) failed with EADDRINUSE, EACCES or EADDRNOTAVAIL: what `why` finds now at the
 * address that stands in the error; of a bind to port 0, and of a connect, whether a port is left. It takes the errors
 * of this library, of node:net, node:dgram and node:cluster, and those that have one as their `cause`. By now the port
 * may be free. For an error with one of these codes it always has an answer.
 *
 * @param error - with `address`, and with `port` unless the address is a unix path
 * @param options - what the error does not tell
 * @throws ERR_INVALID_ARG_TYPE; ERR_INVALID_ARG_VALUE where it is another error, no address stands in it and none is
 * given; and as `why`
 * @example
 * server.on('error', (error) => console.error(say(explain(error)).join('\n')))
 */
export function explain(error: unknown, options: ExplainOptions = {}): Diagnosis {
  const given = innermost(asObject(error, 'error'));
  const { address } = options;
  const language = languageFor(options);
  if (address !== undefined)
    return why(address, { protocol: options.protocol ?? protocolOf(given, address), language });
  if (!PLACED.includes(given['code'])) {
    const place = placeOf(given) ?? fail(error);
    return why(place, { protocol: options.protocol ?? protocolOf(given, place), language });
  }
  try {
    return explainPlaced(given, options.protocol, language);
  } catch (failure) {
    // What stands in the error is no address: the code alone is left to be told.
    if (!isArgumentError(failure)) throw failure;
    return diagnoseUnknown(given, options.protocol ?? 'tcp');
  }
}

function explainPlaced(given: Record<string, unknown>, protocol: Protocol | undefined, language: Language): Diagnosis {
  if (given['syscall'] === 'connect') return diagnoseConnect(given, protocol ?? protocolGiven(given) ?? 'tcp');
  const place = placeOf(given);
  if (place === undefined) return diagnoseUnknown(given, protocol ?? protocolGiven(given) ?? 'tcp');
  const known = protocol ?? protocolOf(given, place);
  if (typeof place === 'object' && 'port' in place && place.port === 0) {
    return diagnosePortZero(given, place.address ?? '0.0.0.0', known);
  }
  return why(place, { protocol: known, language });
}

/** fetch and others wrap the error of the system; a connect to several addresses has several. */
function innermost(error: Record<string, unknown>): Record<string, unknown> {
  let at = error;
  for (let depth = 0; depth < 8 && !(PLACED.includes(at['code']) && 'syscall' in at); depth++) {
    const { cause, errors } = at;
    const next: unknown = Array.isArray(errors) ? errors[0] : cause;
    if (typeof next !== 'object' || next === null) break;
    at = next as Record<string, unknown>;
  }
  return PLACED.includes(at['code']) ? at : error;
}

function fail(error: unknown): never {
  throw invalidValue('error', 'must have the address that bind or listen was given', error);
}

const isArgumentError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_');

function protocolGiven({ protocol }: Record<string, unknown>): Protocol | undefined {
  return protocol === 'tcp' || protocol === 'udp' ? protocol : undefined;
}

/**
 * Node says `listen` of a TCP server. Its `bind` is of a UDP socket, of a connection with a port of its own, or of a
 * worker's server: the stack tells, and where it does not, the protocol whose port is in use now.
 */
function protocolOf(error: Record<string, unknown>, place: Place): Protocol {
  const known = protocolGiven(error);
  if (known !== undefined) return known;
  if (error['syscall'] !== 'bind' || error instanceof SocketError || error['address'] === null) return 'tcp';
  const stack = typeof error['stack'] === 'string' ? error['stack'] : '';
  if (/\bnode:dgram\b|\bdgram\.js\b/.test(stack)) return 'udp';
  if (/\bnode:net\b|\bnet\.js\b/.test(stack)) return 'tcp';
  const works = (protocol: Protocol): boolean => {
    const target = asTarget(place, { protocol });
    return target.protocol !== 'unix' && tryBind(target, 'none') === 'ok';
  };
  if (typeof place === 'object' && 'port' in place && place.port === 0) return 'udp';
  return works('udp') && !works('tcp') ? 'tcp' : 'udp';
}

/** Undefined where no address stands in the error. Of a worker's server it is null: all addresses. */
function placeOf(error: Record<string, unknown>): Place | undefined {
  const { address, port } = error;
  const isPort = typeof port === 'number' && port >= 0; // Node's errors about a unix path have the port -1
  if (address === null && isPort) return { port };
  if (typeof address !== 'string' || address === '') return undefined;
  if (!isPort) return { path: address };
  return isIP(address) === 0 ? undefined : { address, port };
}
