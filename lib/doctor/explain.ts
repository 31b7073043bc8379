/** From an error of bind or listen to the diagnosis. */
import type { Protocol } from './kernel/inet-diag.js';
import { SocketError } from './kernel/calls.js';
import { asObject, invalidValue } from '../validate.js';
import type { Diagnosis } from './diagnosis/diagnosis.js';
import type { Place, PlaceOptions } from './kernel/target.js';
import { why } from './why.js';

/** How an error is explained. */
export interface ExplainOptions extends PlaceOptions {
  /** What bind was given, where the error does not tell it, as that of this library's listen. */
  address?: Place;
}

/**
 * Why bind(2) or listen(2) failed with EADDRINUSE, EACCES or EADDRNOTAVAIL: what `why` finds now at the address that
 * stands in the error. It takes the errors of this library, of node:net and of node:dgram. By now the port may be free.
 *
 * @param error - with `address`, and with `port` unless the address is a unix path
 * @param options - what the error does not tell: `protocol` of an error of this library's bind of a UDP socket
 * @throws ERR_INVALID_ARG_TYPE; ERR_INVALID_ARG_VALUE where no address stands in the error and none is given; and as
 * `why`
 * @example
 * server.on('error', (error) => console.error(say(explain(error)).join('\n')))
 */
export function explain(error: unknown, options: ExplainOptions = {}): Diagnosis {
  const given = asObject(error, 'error');
  const { protocol = protocolOf(given), address = placeOf(given) } = options;
  return why(address, { protocol });
}

/** Node calls a failed bind of a TCP server `listen`; `bind` is its name for UDP. Ours is `bind` in both cases. */
function protocolOf(error: Record<string, unknown>): Protocol {
  return error['syscall'] === 'bind' && !(error instanceof SocketError) ? 'udp' : 'tcp';
}

function placeOf(error: Record<string, unknown>): Place {
  const { address, port } = error;
  if (typeof address !== 'string' || address === '') {
    throw invalidValue('error', 'must have the address that bind or listen was given', error);
  }
  // Node's errors about a unix path have the port -1.
  if (typeof port === 'number' && port >= 0) return { address, port };
  return { path: address };
}
