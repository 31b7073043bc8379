/** A step of the lab as a system call. */
import { fstatSync } from 'node:fs';
import { strerror } from '../../examples/perror.js';
import {
  accept,
  AF_INET,
  bind,
  close,
  connect,
  linger,
  listen,
  recv,
  send,
  setsockopt,
  SHUT_RD,
  SHUT_RDWR,
  SHUT_WR,
  shutdown,
  SO_LINGER,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_STREAM,
  socket,
  SocketError,
  SOL_SOCKET,
} from '../../index.js';
import type { CallStep, Outcome } from './messages.js';

const HOW = { SHUT_RD, SHUT_WR, SHUT_RDWR } as const;
const REUSE = { SO_REUSEADDR, SO_REUSEPORT } as const;

/** The variables of a program: names of descriptors. */
export type Variables = Map<string, number>;

/**
 * Makes the call, and **blocks** as long as it does. A new descriptor goes into the variables; a closed one goes out.
 *
 * @returns what it gave; an error of the system is no exception here
 * @throws Error where the variables have no such name: the parent has seen to that
 */
export function makeCall(step: CallStep, port: number, variables: Variables): Outcome {
  try {
    return call(step, port, variables);
  } catch (error) {
    if (!(error instanceof SocketError)) throw error;
    const errno = -error.errno;
    return { error: { code: error.code, errno, message: strerror(errno) } };
  }
}

function call(step: CallStep, port: number, variables: Variables): Outcome {
  if (step.call === 'socket') return keep(variables, step.on, socket(AF_INET, SOCK_STREAM));
  const fd = variables.get(step.on);
  if (fd === undefined) throw new Error(`there is no ${step.on}`);
  const address = { family: 'IPv4', address: '127.0.0.1', port } as const;
  switch (step.call) {
    case 'setsockopt':
      setOption(fd, step.option, step.value);
      return { result: 0 };
    case 'bind':
      bind(fd, address);
      return { result: 0 };
    case 'listen':
      listen(fd, step.backlog);
      return { result: 0 };
    case 'connect':
      connect(fd, address);
      return { result: 0 };
    case 'accept':
      return keep(variables, step.as, accept(fd).fd);
    case 'close':
      variables.delete(step.on); // whatever close(2) says, the descriptor is gone
      close(fd);
      return { result: 0 };
    default:
      return transfer(fd, step);
  }
}

function transfer(fd: number, step: Extract<CallStep, { call: 'send' | 'recv' | 'shutdown' }>): Outcome {
  if (step.call === 'send') return { result: send(fd, Buffer.from(step.text)) };
  if (step.call === 'shutdown') {
    shutdown(fd, HOW[step.how]);
    return { result: 0 };
  }
  const buffer = Buffer.alloc(step.size);
  const result = recv(fd, buffer);
  return { result, text: buffer.toString('utf8', 0, result) };
}

function setOption(fd: number, option: 'SO_LINGER' | keyof typeof REUSE, value: 0 | 1): void {
  if (option === 'SO_LINGER') setsockopt(fd, SOL_SOCKET, SO_LINGER, linger.encode({ onoff: value === 1, linger: 0 }));
  else setsockopt(fd, SOL_SOCKET, REUSE[option], value);
}

function keep(variables: Variables, name: string, fd: number): Outcome {
  variables.set(name, fd);
  return { result: fd, inode: fstatSync(fd).ino };
}
