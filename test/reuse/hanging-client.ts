/** As run-program.ts, but the client does nothing, for ever: for compare.test.ts. */
import type { Task } from '../../lib/reuse/programs.js';

const task = JSON.parse(process.argv[2] ?? '') as Task;
if (task.program === 'client')
  process.on('disconnect', () => process.exit()); // the channel keeps it alive
else await import('../../lib/reuse/run-program.js');
