/** Opens an address in the user's browser. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Has the desktop open it; where there is none it says so, on a line, and no more happens. */
export async function openInBrowser(url: string, output: NodeJS.WritableStream): Promise<void> {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  // Of its own session: a browser that this starts does not end with Ctrl-C.
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.unref();
  try {
    await once(child, 'spawn');
  } catch (error) {
    output.write(
      `${program} cannot be started (${(error as NodeJS.ErrnoException).code ?? ''}): open the page yourself.\n`,
    );
  }
}
