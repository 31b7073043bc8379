/** Runs a script and writes down its socket calls, and what the kernel says of its sockets meanwhile. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { AF_UNIX, close, SOCK_STREAM, socketpair } from '../../index.js';
import { Socket } from '../../promises/index.js';
import { programFile } from '../../root.js';
import type { Recording } from '../protocol.js';
import { RECORD_TO, type RecordLine } from './lines.js';
import { RecordedEvents } from './recorded-events.js';

/** What has become of the script. */
export interface Recorded {
  readonly recording: Recording;
  /** Events that there was no room for. */
  readonly left: number;
  /** Its exit code; null: a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How the script is run. */
export interface RecordOptions {
  /** Where its standard output goes. Default: to ours. */
  readonly stdout?: 'inherit' | number;
  /** Ends the script at once when it is aborted. */
  readonly cut?: AbortSignal;
}

/** The agent's place in the descriptors of the script's process. */
const AGENT_FD = 3;

/**
 * Runs `node SCRIPT ARGS…` and resolves when it has ended. It is recorded also where it fails.
 *
 * @param words - what follows `node` on the command line: options of Node, the script, its arguments
 * @throws the error of spawn, where Node cannot be started
 */
export async function recordScript(words: readonly string[], options: RecordOptions = {}): Promise<Recorded> {
  const events = new RecordedEvents();
  const [ours, theirs] = socketpair(AF_UNIX, SOCK_STREAM);
  const lines = Socket.fromFd(ours);
  try {
    const child = start(words, theirs, options);
    const [ended] = await Promise.all([
      untilEnded(child, events),
      readLines(lines, (line) => {
        events.add(line);
      }),
    ]);
    return { ...events.finish(`node ${words.join(' ')}`), ...ended };
  } finally {
    lines.close();
  }
}

function start(words: readonly string[], agentFd: number, { stdout = 'inherit', cut }: RecordOptions): ChildProcess {
  const agent = pathToFileURL(programFile('record-agent')).href;
  try {
    const env = { ...process.env, [RECORD_TO]: `${String(AGENT_FD)}:${String(fstatSync(agentFd).ino)}` };
    return spawn(process.execPath, ['--import', agent, ...words], {
      stdio: ['inherit', stdout, 'inherit', agentFd],
      env,
      killSignal: 'SIGKILL',
      ...(cut && { signal: cut }),
    });
  } finally {
    close(agentFd);
  }
}

function untilEnded(child: ChildProcess, events: RecordedEvents): Promise<Pick<Recorded, 'code' | 'signal'>> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => {
      events.actor('started', child.pid ?? 0);
    });
    child.once('error', (error) => {
      if (error.name !== 'AbortError') reject(error);
    });
    child.once('exit', (code, signal) => {
      events.actor('ended', child.pid ?? 0);
      resolve({ code, signal });
    });
  });
}

/** Reads them until the script's process has ended. */
async function readLines(from: Socket, onLine: (line: RecordLine) => void): Promise<void> {
  const decoder = new TextDecoder(); // a character may be cut by the end of a chunk
  let rest = '';
  for await (const chunk of from.chunks()) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(JSON.parse(part) as RecordLine);
  }
}
