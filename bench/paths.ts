/** Where things are: this file is compiled into dist/bench/, the C and Python programs stay in bench/. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The peers are installed here: none is a dependency of the package. */
export const PEERS = join(ROOT, 'bench/peers');

/** Loads a peer. */
export const peerRequire = createRequire(join(PEERS, 'package.json'));
