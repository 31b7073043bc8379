/** What a case of serving many is. A new one is an entry in cases.ts. */
import type { ServerName } from './servers.js';

/** What a server does: the argument of its program. */
export type Work = 'echo' | 'conversation' | 'one-way' | 'to-client' | 'datagrams';

/** What is wanted of a server of ours, as a part of another's rate per CPU second. */
export interface Goal {
  /** `default`: what a user gets who sets nothing, io_uring where it is there. */
  readonly server: ServerName | 'default';
  readonly of: ServerName;
  /** At least so much; or at least what it is in the case of that name. */
  readonly least: number | string;
}

/** Something to serve. */
export interface ServedCase {
  /** Its name on the command line and in results.json. */
  readonly name: string;
  readonly title: string;
  /** One message, in a word or two. */
  readonly unit: string;
  readonly work: Work;
  /** The arguments of the load generator, and its core; the server is on core 0. */
  readonly load: readonly string[];
  readonly core: 0 | 1;
  /** The first is what all the others are compared with. */
  readonly servers: readonly ServerName[];
  readonly goals: readonly Goal[];
}
