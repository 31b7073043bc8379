/** Why can this address not be bound? */
import type { Diagnosis } from './diagnosis/diagnosis.js';
import { diagnose } from './diagnose.js';
import { look } from './kernel/look.js';
import { asTarget, languageFor, type Place, type PlaceOptions, type WordOptions } from './kernel/target.js';

/**
 * Tells who has a port, in which state, which bind works now, when it will be free, and what to do: bind(2).
 *
 * It tries: four binds, each closed at once, that never listen; for that moment the address is held, as by any bind,
 * and a UDP socket with a flag may swallow a datagram. Then it reads the kernel's list of sockets (sock_diag(7)), the
 * processes and their sockets' flags, as far as this user may. Nothing stays open. What could not be read is in
 * `notes`. A place on this host only, and of this network namespace.
 *
 * @param place - a port, on all addresses as Node's `listen(port)` takes it; or an address, as `server.address()` returns it; or a unix path
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_IP_ADDRESS, ERR_SOCKET_BAD_PORT, ERR_OUT_OF_RANGE
 * @example
 * const { summary, holders, advice } = why({ port: 8080, address: '127.0.0.1' })
 */
export function why(place: Place, options: PlaceOptions & WordOptions = {}): Diagnosis {
  const language = languageFor(options);
  return diagnose(look(asTarget(place, options)), language);
}
