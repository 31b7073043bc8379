import { describe, expect, test } from '@jest/globals';
import { MOST_SOCKETS, type LabActor, type Step } from '../../lib/lab/steps.js';
import { connected, greeting, listening, serverClosesFirst } from '../../lib/lab/stories/build.js';
import { PACKAGE_ROOT, run } from '../support/programs.js';
import { lab, lives, openSession, type LabClient } from './lab-client.js';
import { until } from '../support/until.js';

const linux = process.platform === 'linux' ? test : test.skip; // elsewhere no list of sockets can be read

const socket = (on: string, actor: LabActor = 'server'): Step => ({ actor, call: 'socket', on });
const bind = (on: string): Step => ({ actor: 'server', call: 'bind', on });
const accept = (as: string): Step => ({ actor: 'server', call: 'accept', on: 'listener', as });
const restart = (actor: LabActor): Step => ({ actor, call: 'restart' });

const session = async (): Promise<LabClient> => openSession((await lab()).url);

async function ended(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(lives));
}

async function refusal(client: LabClient, step: Step): Promise<unknown> {
  const { status, text } = await client.post(step);
  return { status, ...(JSON.parse(text) as object) };
}

describe('a session of the lab', () => {
  test('begins with what it is and its two processes', async () => {
    const client = await session();
    await client.until(() => client.pids.length === 2);
    // The port is anybody's: somebody's connection may pass through it.
    const kinds = client.events.map(({ kind }) => kind).filter((kind) => kind !== 'sockets');
    expect(kinds).toEqual(['hello', 'actor', 'actor']);
    const { port, kernel } = client.hello;
    expect(port).toBeGreaterThanOrEqual(1024);
    expect(kernel).toBe(process.platform === 'linux' ? true : 'platform');
  });

  test('shows a call with both its lines, and what it gave', async () => {
    const client = await session();
    const returned = await client.make(socket('listener'));
    expect(returned).toMatchObject({ actor: 'server', call: 1, result: expect.any(Number) });
    expect(returned.durationMs).toBeGreaterThan(0);
    expect(client.events.find(({ kind }) => kind === 'called')).toMatchObject({
      step: socket('listener'),
      c: 'int listener = socket(AF_INET, SOCK_STREAM, 0);',
      ts: 'const listener = socket(AF_INET, SOCK_STREAM);',
    });
  });

  test('shows an error with its name, its number and the words of C', async () => {
    const client = await session();
    await client.make(socket('one', 'client'));
    const { error, result } = await client.make({ actor: 'client', call: 'connect', on: 'one' });
    expect([error, result]).toEqual([{ code: 'ECONNREFUSED', errno: 111, message: 'Connection refused' }, undefined]);
  });

  linux('keeps a socket’s name and identity from bind to TIME_WAIT', async () => {
    const client = await session();
    await client.play([...listening(), ...connected()]);
    const mine = await client.until(() => client.sockets.find(({ name }) => name === 'connection'));
    expect(mine).toMatchObject({ actor: 'server', state: 'ESTABLISHED' });
    await client.play([...greeting(), ...serverClosesFirst()]);
    const last = await client.until(() => client.sockets.find(({ state }) => state === 'TIME_WAIT'));
    expect(last).toMatchObject({ id: mine.id, name: 'connection', actor: null });
    expect(last.expiresInMs).toBeGreaterThan(0);
    const ids = client.events.flatMap((event) => (event.kind === 'sockets' ? event.sockets.map(({ id }) => id) : []));
    expect(new Set(ids).size).toBe(3);
  });

  linux('tells a change once, not each time that it looks', async () => {
    const client = await session();
    await client.play([...listening(), ...connected(), ...greeting(), ...serverClosesFirst()]);
    const told = client.events.filter(({ kind }) => kind === 'sockets').length;
    for (let at = 0; at < 10; at++) await client.make(socket(`unbound${String(at)}`, 'client')); // it looks after each
    expect(client.events.filter(({ kind }) => kind === 'sockets')).toHaveLength(told);
  });

  linux('asks the doctor why a bind failed, in both languages', async () => {
    const client = await session();
    await client.play([...listening(), ...connected(), ...greeting(), ...serverClosesFirst()]);
    await client.make({ actor: 'server', call: 'close', on: 'listener' });
    await client.make(socket('again'));
    const { call, error } = await client.make(bind('again'));
    expect(error?.code).toBe('EADDRINUSE');
    const answers = await Promise.all(['en', 'zh'].map((lang) => client.ask(`why?call=${String(call)}&lang=${lang}`)));
    const [english, chinese] = answers.map(({ text }) => (JSON.parse(text) as { lines: string[] }).lines.join('\n'));
    expect(english).toContain('TIME_WAIT');
    expect(chinese).toContain('怎么办');
  });

  test('gives a process that waits no other call: ERR_LAB_BUSY', async () => {
    const client = await session();
    for (const { step } of listening()) await client.make(step);
    await client.begin(accept('one'));
    expect(await refusal(client, socket('two'))).toMatchObject({ status: 409, code: 'ERR_LAB_BUSY' });
    expect(await client.make(socket('two', 'client'))).not.toHaveProperty('error');
  });

  test('refuses names that are not there, and names that are: ERR_LAB_NAME', async () => {
    const client = await session();
    const there = { status: 409, code: 'ERR_LAB_NAME', message: 'The server has a socket “listener” already.' };
    const none = { status: 409, code: 'ERR_LAB_NAME', message: 'The server has no socket “listener”.' };
    expect(await refusal(client, bind('listener'))).toEqual(none);
    await client.make(socket('listener'));
    expect(await refusal(client, socket('listener'))).toEqual(there);
    await client.make({ actor: 'server', call: 'close', on: 'listener' });
    expect(await refusal(client, bind('listener'))).toEqual(none);
    await client.make(socket('listener'));
  });

  test('gives a process a limited number of sockets: ERR_LAB_SOCKETS', async () => {
    const client = await session();
    for (let at = 0; at < MOST_SOCKETS; at++) await client.make(socket(`s${String(at)}`));
    expect(await refusal(client, socket('more'))).toMatchObject({ status: 409, code: 'ERR_LAB_SOCKETS' });
    await client.make(restart('server'));
    await client.make(socket('more'));
  });

  linux('restarts a process that waits: the kernel closes what it had, and the call never returns', async () => {
    const client = await session();
    for (const { step } of listening()) await client.make(step);
    const waiting = await client.begin(accept('one'));
    const before = client.pids;
    await client.make(restart('server'));
    await client.until(() => client.pids.length === 2 && client.sockets.length === 0);
    expect(client.pids).not.toEqual(before);
    for (const { step } of listening()) await client.make(step);
    expect(client.events.filter((event) => event.kind === 'returned' && event.call === waiting)).toEqual([]);
    expect((await client.ask('export?as=c')).text).toContain('/* server accept never returned. */');
  });

  linux('starts a process anew that somebody else has killed', async () => {
    const client = await session();
    await client.make(socket('listener'));
    const [server = 0] = client.pids;
    process.kill(server, 'SIGKILL');
    await client.until(() => client.pids.length === 2 && !client.pids.includes(server));
    expect(await refusal(client, bind('listener'))).toMatchObject({ code: 'ERR_LAB_NAME' });
    await client.make(socket('listener'));
  });

  linux('ends with its stream: no process is left, and the port is free', async () => {
    const client = await session();
    for (const { step } of listening()) await client.make(step);
    await client.begin(accept('one'));
    client.close();
    await ended(client.pids);
  });

  linux('ends with its lab, though that is killed: no process is left', async () => {
    const code = `import { startLab } from ${JSON.stringify(`${PACKAGE_ROOT}/dist/lib/lab/server/lab-server.js`)};
      console.log((await startLab(0, 'en')).url);`;
    const program = run(process.execPath, ['--input-type=module', '-e', code], { cwd: PACKAGE_ROOT });
    const [url] = await program.says(/http:\S+/);
    const client = await openSession(url);
    for (const { step } of listening()) await client.make(step);
    await client.begin(accept('one'));
    const { pids } = client;
    expect(pids.filter(lives)).toHaveLength(2);
    program.child.kill('SIGKILL');
    await ended(pids);
  });
});
