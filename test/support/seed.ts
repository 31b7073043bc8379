/** The seed of random tests: BSD_SOCKETS_SEED in the environment, as CI has it, or another one in each run. */
const given = process.env['BSD_SOCKETS_SEED'];

/** An int from 0. Tests that fail print it. */
export const SEED = (given === undefined || given === '' ? Date.now() : Number(given)) & 0x7fffffff;
