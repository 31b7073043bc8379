/** Opens an address in the user's browser. */
import { spawn } from 'node:child_process';

/** Has the desktop open it. Where that cannot, a line says so, and no more happens. */
export function openInBrowser(url: string, output: NodeJS.WritableStream): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const failed = (why: string): void => void output.write(`${program} could not open it (${why}): open it yourself.\n`);
  // Of its own session: a browser that this starts does not end with Ctrl-C.
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.unref();
  child.once('error', ({ code = 'it cannot be started' }: NodeJS.ErrnoException) => {
    failed(code);
  });
  child.once('exit', (status) => {
    if (status !== null && status !== 0) failed(`exit status ${String(status)}`);
  });
}
