/** `npm run test:restart -- [REQUESTS] [RESTARTS]`: a million requests over a hundred restarts. */
import { load } from './restart-load.js';

const [requests = '1000000', restarts = '100'] = process.argv.slice(2);
const started = Date.now();
const { failed, ...result } = await load(Number(requests), Number(restarts));
console.log({ ...result, failed: failed.length, seconds: Math.round((Date.now() - started) / 1000) });
for (const error of new Set(failed)) console.log(error);
process.exitCode = failed.length === 0 ? 0 : 1;
