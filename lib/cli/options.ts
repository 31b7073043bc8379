/**
 * Arguments that several commands take. What is wrong is an `InvalidArgumentError`, which commander
 * reports with the option's name; the exit status is then 2.
 */
import { InvalidArgumentError } from 'commander';
import { isIP } from '../ip.js';
import { StepFailed, type Failure } from '../examples/perror.js';

/** A port, in decimal digits only: 0 to 65535. Throws `InvalidArgumentError` for anything else: "80x", "1e3", "". */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65535)) throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

/** A host: an IP address or a name that `resolveHost` looks up. Throws `InvalidArgumentError` for an empty one. */
export function parseHost(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A host is an IP address or a host name.');
  return text;
}

/**
 * The IP address of a host; of several the first IPv4 one, for the C programs know no other.
 *
 * @throws StepFailed where the name has no address: ENOTFOUND, EAI_AGAIN
 */
export async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  const { lookup } = await import('node:dns/promises'); // few need it, and it takes a while to load
  try {
    return (await lookup(host, { order: 'ipv4first' })).address;
  } catch (error) {
    throw new StepFailed('host lookup failed', error as Failure);
  }
}
