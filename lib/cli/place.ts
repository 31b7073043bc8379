/** The place that `why` and `free` are told: a port, an address, a unix path, or a message that has one of them. */
import { InvalidArgumentError, type Command } from 'commander';
import type { Target } from '../doctor/kernel/observation.js';
import { asTarget } from '../doctor/kernel/target.js';
import { parseHost, resolveHost } from './options.js';
import { parsePasted } from './pasted.js';

/** The options that say where. */
export interface PlaceChoice {
  host?: string;
  udp?: boolean;
  unix?: string;
}

/** A place whose host may be a name still. */
export type Choice =
  { readonly path: string } | { readonly port: number; readonly host?: string; readonly protocol: 'tcp' | 'udp' };

/** `@name` is the usual way to write an abstract name, which begins with a NUL. */
export function parsePath(text: string): string {
  const path = text.replace(/^@/, '\0');
  try {
    asTarget({ path });
    return path;
  } catch {
    throw new InvalidArgumentError('A path is not empty, and no longer than a socket address: 108 bytes on Linux.');
  }
}

/** Gives a command the argument and the options that say where. */
export function withPlace(command: Command): Command {
  return command
    .argument('[place...]', 'the port, or an address, a URL or an error message that has it')
    .option('--host <address>', 'the address to bind (default: all, IPv6 and IPv4, as listen(port) of Node)', parseHost)
    .option('--udp', 'the port of UDP, not of TCP (default address: 0.0.0.0)')
    .option('--unix <path>', 'the path of a unix socket instead of a port; @name: an abstract name', parsePath);
}

/** What the words and the options say together. What does not go together ends the command: exit status 2. */
export function chosenPlace(command: Command, words: readonly string[], options: PlaceChoice): Choice {
  const { host, udp = false, unix } = options;
  if (unix !== undefined) {
    refuseBeside(command, { 'a port': words[0], "option '--host <address>'": host, "option '--udp'": options.udp });
    return { path: unix };
  }
  if (words.length === 0) command.error("error: give a port, or '--unix <path>'");
  if (words.length > 1 && words.every((word) => /^[\d:.[\]]+$/.test(word))) {
    command.error(`error: too many arguments: ${words.join(' ')}. One place at a time.`);
  }
  const pasted = parsePasted(words.join(' '));
  if (pasted === undefined) {
    command.error(`error: no port is named by '${words.join(' ')}': a port is a whole number from 1 to 65535`);
  }
  if ('path' in pasted) {
    refuseBeside(command, { "option '--host <address>'": host, "option '--udp'": options.udp });
    return { path: parsePath(pasted.path) };
  }
  if (pasted.port === 0) command.error('error: port 0 stands for any free port: there is nothing to ask');
  const where = host ?? pasted.host;
  const protocol = udp ? 'udp' : (pasted.protocol ?? 'tcp');
  return { port: pasted.port, protocol, ...(where !== undefined && { host: where }) };
}

function refuseBeside(command: Command, others: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) command.error(`error: option '--unix <path>' cannot be used with ${name}`);
  }
}

/**
 * The target of a choice; a name is looked up.
 *
 * @throws StepFailed where the name has no address
 */
export async function targetOf(choice: Choice): Promise<Target> {
  if ('path' in choice) return asTarget(choice);
  const { port, host, protocol } = choice;
  return asTarget(host === undefined ? { port } : { port, address: await resolveHost(host) }, { protocol });
}
