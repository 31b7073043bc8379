/**
 * Runs sequences of socket calls through bsd-sockets and says what each answered: interpreter.c does the same through
 * C, and tells what the words of a call mean.
 */
import * as s from 'bsd-sockets';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { addressOf, addressText, bytesText, dataOf, hexOf, parts, roomOf } from './words.js';

const SLOTS = 17;
const FIRST_RECEIVED = 8;
const RECEIVED_SLOTS = 8;
const DEV_NULL = 16;
/** The number of an empty slot: no descriptor has it. C's -1 is refused before the kernel sees it. */
const CLOSED_FD = 1_000_000;
const AT_ONCE = s.linger.encode({ onoff: true, linger: 0 });

/** The process group, which C's getpgrp(2) tells. */
function processGroup(): number {
  const afterName = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1) ?? '';
  return Number(afterName.split(' ')[2]);
}

/** This side of the test: its sockets, and what it answers. */
export class Interpreter {
  readonly #slots: number[] = Array.from({ length: SLOTS }, () => CLOSED_FD);
  readonly #folder: string;
  #prefix = '';
  #received = 0;

  /** @param folder - where its paths are */
  constructor(folder: string) {
    this.#folder = folder;
    this.#slots[DEV_NULL] = openSync('/dev/null', 'r+');
  }

  /** Runs a sequence, whose abstract names begin with `prefix`, and closes all of its sockets. */
  run(calls: readonly string[], prefix: string): string[] {
    this.#prefix = prefix;
    const answers = calls.map((call) => this.#call(call));
    this.#reset();
    return answers;
  }

  /** Closes what is left. */
  close(): void {
    closeSync(this.#slots[DEV_NULL] as number);
  }

  #call(call: string): string {
    const [name = '', ...words] = (call.split(' #')[0] as string).split(' ');
    const run = this.#calls[name];
    if (run === undefined) throw new Error(`no such call: ${name}`);
    try {
      return run(...words);
    } catch (error) {
      return failure(error, name);
    }
  }

  #slot(word: string | undefined): number {
    return parseInt(word ?? '', 10) % SLOTS;
  }

  #fd(word: string | undefined): number {
    return this.#slots[this.#slot(word)] as number;
  }

  #empty(slot: number): void {
    const fd = this.#slots[slot] as number;
    if (fd === CLOSED_FD || slot === DEV_NULL) return;
    attempt('setsockopt', () => s.setsockopt(fd, s.SOL_SOCKET, s.SO_LINGER, AT_ONCE)); // no TIME_WAIT is left behind
    s.close(fd);
    this.#slots[slot] = CLOSED_FD;
  }

  /** Puts a descriptor into a slot. Nothing may block. */
  #keep(slot: number, fd: number): void {
    this.#empty(slot);
    this.#slots[slot] = fd;
    s.fcntl(fd, s.F_SETFL, s.fcntl(fd, s.F_GETFL) | s.O_NONBLOCK);
  }

  #keepReceived(fd: number): number {
    const slot = FIRST_RECEIVED + (this.#received++ % RECEIVED_SLOTS);
    this.#keep(slot, fd);
    return slot;
  }

  #reset(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.#empty(slot);
    for (const path of ['p0', 'p1', 'p2', 'p3']) rmSync(`${this.#folder}/${path}`, { force: true });
    this.#received = 0;
  }

  #name(slot: string): s.SocketAddress {
    try {
      return s.getsockname(this.#fd(slot));
    } catch {
      return { family: 'raw', sockaddr: new Uint8Array(2) };
    }
  }

  #address(word = ''): s.SocketAddress {
    return addressOf(word, { name: (slot) => this.#name(slot), folder: this.#folder, prefix: this.#prefix });
  }

  #control(item: string): s.ControlMessageToSend {
    const [kind, first = '', second = '', third = ''] = item.split(':');
    const level = Number(first);
    const type = Number(second);
    if (kind === 'rights') {
      return { level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds: parts(first, '.').map((slot) => this.#fd(slot)) };
    }
    if (kind === 'cred') {
      const credentials = { pid: level === 0 ? process.pid : level, uid: type, gid: Number(third) };
      return { level: s.SOL_SOCKET, type: s.SCM_CREDENTIALS, credentials };
    }
    if (kind === 'pktinfo') {
      const pktinfo = { ifindex: level, spec_dst: second, addr: third };
      return { level: s.IPPROTO_IP, type: s.IP_PKTINFO, pktinfo };
    }
    if (kind === 'data') return { level, type, data: hexOf(third) };
    return intControl(level, type, Number(third));
  }

  #controlText(message: s.ControlMessage): string {
    const head = `${String(message.level)}:${String(message.type)}:`;
    if (message.level === s.SOL_SOCKET && message.type === s.SCM_RIGHTS) {
      return head + (message.fds ?? []).map((fd) => `s${String(this.#keepReceived(fd))}.`).join('');
    }
    return head + bytesText(message.data) + inWords(message);
  }

  /** A call that receives: its answer, and then the buffers, whatever it answered. */
  #receiving(name: string, word: string | undefined, call: (rooms: Buffer[]) => string): string {
    const rooms = parts(word ?? '', ',').map(roomOf);
    return [attempt(name, () => call(rooms)), ...rooms.map(bytesText)].join(' ');
  }

  readonly #calls: Record<string, (...words: string[]) => string> = {
    socket: (slot, domain, type, protocol) => {
      const fd = s.socket(Number(domain), Number(type), Number(protocol));
      this.#keep(this.#slot(slot), fd);
      return '0';
    },
    socketpair: (slot, other, domain, type, protocol) => {
      const [first, second] = s.socketpair(Number(domain), Number(type), Number(protocol));
      this.#keep(this.#slot(slot), first);
      this.#keep(this.#slot(other), second);
      return '0';
    },
    bind: (slot, address) => nothing(() => s.bind(this.#fd(slot), this.#address(address))),
    connect: (slot, address) => nothing(() => s.connect(this.#fd(slot), this.#address(address))),
    listen: (slot, backlog) => nothing(() => s.listen(this.#fd(slot), Number(backlog))),
    accept: (slot, to) => {
      const { fd, address } = s.accept(this.#fd(slot));
      const flags = s.fcntl(fd, s.F_GETFL).toString(16);
      this.#keep(this.#slot(to), fd);
      return `${flags} 0 ${addressText(address)}`;
    },
    send: (slot, data, flags) => String(s.send(this.#fd(slot), dataOf(data), Number(flags))),
    sendto: (slot, data, flags, address) =>
      String(s.sendto(this.#fd(slot), dataOf(data), Number(flags), this.#address(address))),
    recv: (slot, room, flags) =>
      this.#receiving('recv', room, ([buffer]) => String(s.recv(this.#fd(slot), buffer as Buffer, Number(flags)))),
    recvfrom: (slot, room, flags) =>
      this.#receiving('recvfrom', room, ([buffer]) => {
        const { bytesRead, address } = s.recvfrom(this.#fd(slot), buffer as Buffer, Number(flags));
        return `${String(bytesRead)} ${addressText(address)}`;
      }),
    sendmsg: (slot, flags, address, datas, items) =>
      String(
        s.sendmsg(this.#fd(slot), {
          buffers: parts(datas, ',').map(dataOf),
          flags: Number(flags),
          ...(address === '-' ? {} : { address: this.#address(address) }),
          ...(items === '-' ? {} : { control: parts(items, ';').map((item) => this.#control(item)) }),
        }),
      ),
    recvmsg: (slot, flags, controlLength, rooms) =>
      this.#receiving('recvmsg', rooms, (buffers) => {
        const options = { flags: Number(flags), controlLength: Number(controlLength) };
        const message = s.recvmsg(this.#fd(slot), buffers, options);
        const control = message.control.map((item) => this.#controlText(item));
        const words = [String(message.bytesRead), message.flags.toString(16), addressText(message.address), ...control];
        return words.join(' ');
      }),
    sendmmsg: (slot, flags, datagrams) => {
      const messages = parts(datagrams, ',').map((datagram) => {
        const [address = '', datas = ''] = datagram.split('=');
        const buffers = parts(datas, '+').map(dataOf);
        return address === '-' ? { buffers } : { buffers, address: this.#address(address) };
      });
      return String(s.sendmmsg(this.#fd(slot), messages, Number(flags)));
    },
    recvmmsg: (slot, flags, rooms) =>
      this.#receiving('recvmmsg', rooms, (buffers) => {
        const datagrams = s.recvmmsg(this.#fd(slot), buffers, Number(flags));
        const words = datagrams.flatMap(({ bytesRead, flags: got, address }) => [
          String(bytesRead),
          got.toString(16),
          addressText(address),
        ]);
        return [String(datagrams.length), ...words].join(' ');
      }),
    shutdown: (slot, how) => nothing(() => s.shutdown(this.#fd(slot), Number(how))),
    close: (word) => {
      const slot = this.#slot(word);
      if (slot === DEV_NULL) return '0';
      const fd = this.#fd(word);
      this.#slots[slot] = CLOSED_FD;
      return nothing(() => s.close(fd));
    },
    getsockname: (slot) => `0 ${addressText(s.getsockname(this.#fd(slot)))}`,
    getpeername: (slot) => `0 ${addressText(s.getpeername(this.#fd(slot)))}`,
    getsockopt: (slot, level, option) => `0 ${String(s.getsockopt(this.#fd(slot), Number(level), Number(option)))}`,
    getsockoptbytes: (slot, level, option, length) =>
      `0 ${bytesText(s.getsockopt(this.#fd(slot), Number(level), Number(option), Number(length)))}`,
    setsockopt: (slot, level, option, value) =>
      nothing(() => s.setsockopt(this.#fd(slot), Number(level), Number(option), Number(value))),
    setsockoptbytes: (slot, level, option, hex = '') =>
      nothing(() => s.setsockopt(this.#fd(slot), Number(level), Number(option), hexOf(hex))),
    poll: (timeoutMs, entries = '') => {
      const fds = parts(entries, ',').map((entry): s.PollFd => {
        const [slot, events] = entry.split(':');
        return { fd: this.#fd(slot), events: Number(events), revents: 0 };
      });
      const ready = attempt('poll', () => String(s.poll(fds, Number(timeoutMs))));
      return [ready, ...fds.map(({ revents = 0 }) => revents.toString(16))].join(' ');
    },
    fcntl: (slot, command, argument) =>
      String(s.fcntl(this.#fd(slot), Number(command), argument === 'pgrp' ? -processGroup() : Number(argument))),
    dup: (slot, to) => {
      const fd = s.fcntl(this.#fd(slot), s.F_DUPFD_CLOEXEC, 0);
      this.#keep(this.#slot(to), fd);
      return '0';
    },
  };
}

/** A call without a result: C's returns 0. */
function nothing(call: () => unknown): string {
  return call() === undefined ? '0' : 'not undefined';
}

/** The errno, as C tells it; anything else about the error that is not as it should be makes the answer differ. */
function failure(error: unknown, call: string): string {
  const { errno, code, syscall, name } = error as NodeJS.ErrnoException;
  if (errno === undefined || !(error instanceof s.SocketError)) return `${name} ${code ?? String(error)}`;
  const expected = call.replace('bytes', '').replace('dup', 'fcntl');
  return `E${String(-errno)}${syscall === expected ? '' : ` from ${String(syscall)}`}`;
}

function attempt(name: string, call: () => unknown): string {
  try {
    return String(call());
  } catch (error) {
    return failure(error, name);
  }
}

/** An int in a control message, in its field where it has one. */
function intControl(level: number, type: number, value: number): s.ControlMessageToSend {
  const key = `${String(level)}:${String(type)}`;
  if (key === `${String(s.IPPROTO_IP)}:${String(s.IP_TTL)}`) return { level, type, ttl: value };
  if (key === `${String(s.IPPROTO_IPV6)}:${String(s.IPV6_HOPLIMIT)}`) return { level, type, ttl: value };
  if (key === `${String(s.IPPROTO_IP)}:${String(s.IP_TOS)}`) return { level, type, tos: value };
  if (key === `${String(s.IPPROTO_IPV6)}:${String(s.IPV6_TCLASS)}`) return { level, type, tos: value };
  return { level, type, data: Int32Array.of(value) };
}

/** The fields that tell what the data of a message mean. */
function inWords({ credentials, pktinfo, pktinfo6, ttl, tos, error }: s.ControlMessage): string {
  const fields: unknown[] = [];
  if (credentials) fields.push(credentials.pid, credentials.uid, credentials.gid);
  if (pktinfo) fields.push(pktinfo.ifindex, pktinfo.spec_dst, pktinfo.addr);
  if (pktinfo6) fields.push(pktinfo6.addr, pktinfo6.ifindex);
  if (ttl !== undefined) fields.push(ttl);
  if (tos !== undefined) fields.push(tos);
  if (error) fields.push(error.errno, error.origin, error.type, error.code, error.info, error.data);
  return fields.length === 0 ? '' : `=${fields.map(String).join('/')}`;
}
