/** Short forms for the steps of stories. */
import type { TcpState } from '../../doctor/kernel/inet-diag.js';
import type { LabActor, Step } from '../steps.js';
import type { StoryStep, Words } from './story.js';

/** Both languages. */
export const words = (en: string, zh: string): Words => ({ en, zh });

type Call<Kind extends Step['call']> = Omit<Extract<Step, { call: Kind }>, 'actor' | 'call'>;

/** A step that succeeds. */
export function does<Kind extends Step['call']>(actor: LabActor, call: Kind, fields: Call<Kind>): StoryStep {
  return { step: { actor, call, ...fields } as unknown as Step, expect: 'ok' };
}

/** The same, and what is to be seen then. */
export const seen = (step: StoryStep, text: Words): StoryStep => ({ ...step, words: text });

/** The same, which does not return yet. */
export const waits = (step: StoryStep, text: Words): StoryStep => ({ ...step, expect: 'waits', words: text });

/** The same, which fails. */
export const fails = (step: StoryStep, code: `E${string}`, text: Words): StoryStep => ({
  ...step,
  expect: code,
  words: text,
});

/** The same, over only when the kernel has so many sockets in a state. */
export const until = (step: StoryStep, state: TcpState, count = 1): StoryStep => ({ ...step, until: { state, count } });

/** SO_REUSEADDR on. */
export const reuse = (on: string): StoryStep => does('server', 'setsockopt', { on, option: 'SO_REUSEADDR', value: 1 });

/** A server that listens: socket, setsockopt where it is wanted, bind, listen. */
export function listening(flag = false, backlog = 5): StoryStep[] {
  return [
    does('server', 'socket', { on: 'listener' }),
    ...(flag ? [reuse('listener')] : []),
    does('server', 'bind', { on: 'listener' }),
    until(does('server', 'listen', { on: 'listener', backlog }), 'LISTEN'),
  ];
}

/** Then a client that connects, and the server accepts. */
export function connected(): StoryStep[] {
  return [
    does('client', 'socket', { on: 'client' }),
    until(does('client', 'connect', { on: 'client' }), 'ESTABLISHED', 2),
    does('server', 'accept', { on: 'listener', as: 'connection' }),
  ];
}

/** The client says something, and the server reads it. */
export function greeting(): StoryStep[] {
  return [
    does('client', 'send', { on: 'client', text: 'hello' }),
    does('server', 'recv', { on: 'connection', size: 64 }),
  ];
}

/** The server closes the connection first, then the client: TIME_WAIT stays on the server's port. */
export function serverClosesFirst(): StoryStep[] {
  return [
    seen(
      until(does('server', 'close', { on: 'connection' }), 'FIN_WAIT2'),
      words(
        'The server closes first: it has sent its FIN. It waits in FIN_WAIT2 for the FIN of the client, whose end is in CLOSE_WAIT.',
        '服务器先关闭：它已经发出 FIN，停在 FIN_WAIT2，等客户端的 FIN；客户端那一端处于 CLOSE_WAIT。',
      ),
    ),
    seen(
      does('client', 'recv', { on: 'client', size: 64 }),
      words('recv gives 0: the end of the stream.', 'recv 返回 0：数据流结束了。'),
    ),
    seen(
      until(does('client', 'close', { on: 'client' }), 'TIME_WAIT'),
      words(
        'Now both have closed. The end that closed first stays in TIME_WAIT for 60 seconds on Linux, and it has the port of the server. No process holds it.',
        '两端都关闭了。先关闭的一端要在 TIME_WAIT 里停留（Linux 上是 60 秒），它占着服务器的端口，却不属于任何进程。',
      ),
    ),
  ];
}

/** The server's process ends and a new one begins. */
export const restart = (): StoryStep =>
  seen(
    does('server', 'restart', {}),
    words(
      'The server program ends and is started again. The listener is gone, TIME_WAIT is still there.',
      '服务器程序结束并重新启动。监听套接字没有了，TIME_WAIT 还在。',
    ),
  );
