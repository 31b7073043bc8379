/** Makes the matrix: every situation on this machine's loopback, and a bind beside it. */
import { release, type } from 'node:os';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { InEach, Language } from '../../language.js';
import { explainBind } from '../../doctor/rule/bind-rule.js';
import type { BindExplanation, ExistingSocket, WantedBind } from '../../doctor/rule/relation.js';
import type { TcpState } from '../../doctor/kernel/observe.js';
import { bind, close, listen, SocketError } from '../../index.js';
import { readEvidence } from '../probe.js';
import { forgetTimeWaits } from './forget.js';
import type { Matrix, MatrixRow } from './matrix.js';
import { addressOf, codeOf, flagValues, freePort, openSocket, PLACES, Scene, tryPlace, type Place } from './scene.js';
import { acceptedSituations, addressSituations, stateSituations, type Situation, type Wanted } from './situations.js';

/** How long a state may take to come. It takes microseconds, or 40 ms where an ACK is delayed. */
const LIMIT_MS = 1000;
/** Somebody else may get our port for a moment: then it is done again on another one. */
const ATTEMPTS = 3;
/** Whose all these sockets are, and that none is bound to an interface. */
const OWN = { interfaceIndex: 0, ...(process.getuid && { uid: process.getuid() }) };

export interface MatrixOptions {
  /** Stops it before the next cell; it then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Called at the start and after each situation: how many of how many cells are there. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Makes every situation with real sockets of this process, on loopback and on ports that the kernel chooses, and
 * binds another socket beside it. It takes about a second and needs no rights. When it settles, all its sockets are
 * closed and its TIME_WAITs ended.
 *
 * What cannot be made here is left out, and `missing` says why.
 */
export async function runMatrix({ signal, onProgress }: MatrixOptions = {}): Promise<Matrix> {
  const { here, missing } = findPlaces();
  const situations = [...stateSituations(), ...addressSituations(here), ...acceptedSituations()];
  const total = situations.reduce((sum, { wanted }) => sum + wanted.length, 0);
  const rows: MatrixRow[] = [];
  const leftOut = new Set<string>();
  let done = 0;
  onProgress?.(done, total);
  for (const situation of situations) {
    await nextTurn(); // for signals, which come between turns
    signal?.throwIfAborted();
    const name = `${situation.existing} at ${situation.place.name}`;
    const result = leftOut.has(name) ? [] : await measureAgain(situation, here, signal);
    if (typeof result === 'string') {
      leftOut.add(name);
      missing.push({ en: `${name} is left out: ${result}.`, zh: `${name} 没有测：${result}。` });
    } else rows.push(...result);
    onProgress?.((done += situation.wanted.length), total);
  }
  return { platform: process.platform, system: type(), kernel: release(), rows, missing };
}

/** The addresses that can be bound here, and a sentence for each that cannot. */
function findPlaces(): { here: Place[]; missing: InEach[] } {
  const here: Place[] = [];
  const missing: InEach[] = [];
  for (const place of PLACES) {
    const result = tryPlace(place);
    if (result === 'ok') here.push(place);
    else
      missing.push({
        en: `The address ${place.name} is left out: bind() says ${result} here, even with nothing in the way.`,
        zh: `地址 ${place.name} 没有测：在这里，即使没有什么挡着，bind() 也失败：${result}。`,
      });
  }
  const { error } = readEvidence(1);
  if (error !== undefined) {
    missing.push({
      en: `The states are made, but not seen: this system has no list of its sockets to read (${error}).`,
      zh: `这些状态是造出来的，却没有看到：这个系统没有可供读取的套接字列表（${error}）。`,
    });
  }
  return { here, missing };
}

/** Another attempt where somebody else came between. The rows, or why there are none. */
async function measureAgain(
  situation: Situation,
  here: readonly Place[],
  signal?: AbortSignal,
): Promise<MatrixRow[] | string> {
  const deadline = performance.now() + 2 * LIMIT_MS;
  for (let attempt = 1; ; attempt++) {
    const result = await measure(situation, here);
    if (typeof result !== 'string' || attempt === ATTEMPTS || performance.now() > deadline) return result;
    await nextTurn(); // EINTR: the signal's listener runs now
    signal?.throwIfAborted();
  }
}

/** Makes the situation and tries every new socket beside it. The rows, or what went wrong. */
async function measure(situation: Situation, here: readonly Place[]): Promise<MatrixRow[] | string> {
  const scene = new Scene();
  const widest = here.find(({ name }) => name === '::') ?? here[0];
  if (widest === undefined) return 'there is no address to bind';
  let port = 0;
  try {
    port = freePort(situation.protocol, widest);
    situation.make(scene, port);
    const before = await reach(situation, port);
    if (before !== '') return `its port had ${before}`;
    const rows = situation.wanted.map((wanted) => rowOf(situation, wanted, port, scene));
    const after = situation.listensMeanwhile ? '' : difference(situation, port);
    return after === '' ? rows : `after it, its port had ${after}`;
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    return `${error.syscall}() failed with ${error.code}`;
  } finally {
    scene.dispose();
    forgetTimeWaits([port, ...scene.clientPorts]);
  }
}

/** Waits until the kernel's list has what was made: '' then, otherwise what it has instead. */
async function reach(situation: Situation, port: number): Promise<string> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const found = difference(situation, port);
    if (found === '' || performance.now() > deadline) return found;
    await pause(1);
  }
}

/** What the kernel's list has on the port, where that is not what was made; '' where it is, or cannot be known. */
function difference({ protocol, states }: Situation, port: number): string {
  if (protocol === 'udp') return ''; // it has no states
  const { sockets, error } = readEvidence(port);
  if (error !== undefined) return '';
  const found = sockets.map(({ state }) => state);
  if (listed(found) === listed(states) && found.length <= states.length) return '';
  return found.join(' and ') || 'nothing on it';
}

/** The states as text. Linux before 6.8 does not list sockets that are bound only: CLOSE is not in it. */
function listed(states: readonly TcpState[]): string {
  return states
    .filter((state) => state !== 'CLOSE')
    .sort()
    .join();
}

function rowOf(situation: Situation, wanted: Wanted, port: number, scene: Scene): MatrixRow {
  const { group, existing, existingFlags, protocol, place } = situation;
  const measured = tryBind(situation, wanted, port, scene);
  const model = predict(situation, wanted, port);
  return {
    group,
    existing,
    existingFlags,
    newFlags: wanted.flags,
    existingAddress: place.name,
    newAddress: wanted.place.name,
    protocol,
    ...measured,
    ...model,
  };
}

/** Binds a new socket, and listens where that is a word for it. It is closed at once. */
function tryBind(
  { protocol, listensMeanwhile }: Situation,
  wanted: Wanted,
  port: number,
  scene: Scene,
): Pick<MatrixRow, 'result' | 'at'> {
  const fd = openSocket(wanted.place, protocol, wanted.flags);
  try {
    const bound = codeOf(() => {
      bind(fd, addressOf(wanted.place, port));
    });
    if (bound !== 'ok' || protocol === 'udp') return { result: bound, at: 'bind' };
    if (listensMeanwhile) scene.firstListens();
    const result = codeOf(() => {
      listen(fd);
    });
    return { result, at: 'listen' };
  } finally {
    close(fd);
  }
}

/** What the model says of it: of bind, and of listen where the old socket has changed by then. */
function predict(situation: Situation, wanted: Wanted, port: number): Pick<MatrixRow, 'model' | 'because'> {
  const { protocol, states, listensMeanwhile = false } = situation;
  const fresh = newSocket(protocol, wanted, port);
  const predictIn = (language: Language): Pick<BindExplanation, 'result' | 'because'> => {
    const listen = protocol === 'tcp' && !listensMeanwhile;
    const atBind = explainBind(oldSockets(situation, states, port), { ...fresh, listen }, { language });
    if (!listensMeanwhile || atBind.result !== 'ok') return atBind;
    const then = oldSockets(situation, ['LISTEN'], port);
    return explainBind(then, { ...fresh, bound: true, listen: true }, { language });
  };
  const [{ result, because: en }, { because: zh }] = [predictIn('en'), predictIn('zh')];
  return { model: result, because: { en, zh } };
}

function oldSockets(situation: Situation, states: readonly TcpState[], port: number): ExistingSocket[] {
  const { place, protocol, existingFlags, flagsThen = existingFlags, orphan = false } = situation;
  return states.map((state) => ({
    ...{ protocol, port, state, orphan },
    ...addressFor(place),
    ...flagValues(flagsThen),
    ...OWN,
  }));
}

function newSocket(protocol: Situation['protocol'], { place, flags }: Wanted, port: number): WantedBind {
  return { protocol, port, ...addressFor(place), ...flagValues(flags), ...OWN };
}

/** The kernel itself makes a socket IPv6 only that is bound to an IPv6 address: what we asked for counts at `::`. */
function addressFor({ address, v6only }: Place): { address: string; v6only?: boolean } {
  return address === '::' ? { address, v6only } : { address };
}
