/** Stories about SO_REUSEADDR: the article's restart, and what the flag does where. */
import {
  connected,
  does,
  fails,
  greeting,
  listening,
  restart,
  reuse,
  seen,
  serverClosesFirst,
  until,
  waits,
  words,
} from './build.js';
import type { Story, StoryRun, StoryStep } from './story.js';

const IN_USE = words(
  'EADDRINUSE, "Address already in use": nobody listens, but TIME_WAIT has the address, and without the flag on both sockets bind may not share it.',
  'EADDRINUSE（地址已在使用）：没有人在监听，但 TIME_WAIT 占着这个地址；只有新旧两个套接字都设置了该选项，bind 才能共用它。',
);

/** socket and bind of the second run. */
function bindAgain(flag: boolean): StoryStep[] {
  return [
    does('server', 'socket', { on: 'listener' }),
    ...(flag ? [reuse('listener')] : []),
    does('server', 'bind', { on: 'listener' }),
  ];
}

/** The second run's bind fails. */
function refused(flag: boolean, text = IN_USE): StoryStep[] {
  const steps = bindAgain(flag);
  return steps.map((step, index) => (index === steps.length - 1 ? fails(step, 'EADDRINUSE', text) : step));
}

/** The second run's bind succeeds, beside TIME_WAIT. */
function allowed(flag: boolean): StoryStep[] {
  const listen = until(does('server', 'listen', { on: 'listener', backlog: 5 }), 'LISTEN');
  return [
    ...bindAgain(flag),
    seen(
      listen,
      words(
        'The new server listens, at once. The old TIME_WAIT goes on beside it, and does no harm.',
        '新的服务器立刻开始监听。旧的 TIME_WAIT 仍在旁边倒计时，互不妨碍。',
      ),
    ),
  ];
}

const off: StoryRun = {
  title: words('The flag off', '不设置选项'),
  steps: [...listening(), ...connected(), ...greeting(), ...serverClosesFirst(), restart(), ...refused(false)],
};

const on: StoryRun = {
  title: words('The flag on, in both runs', '两次运行都设置选项'),
  steps: [...listening(true), ...connected(), ...greeting(), ...serverClosesFirst(), restart(), ...allowed(true)],
};

/** The article's order: the server waits in accept before the client is there. */
function waitingServer(): StoryStep[] {
  return [
    ...listening(),
    waits(
      does('server', 'accept', { on: 'listener', as: 'connection' }),
      words('accept waits: nobody has connected yet.', 'accept 在等待：还没有人来连接。'),
    ),
    does('client', 'socket', { on: 'client' }),
    seen(
      until(does('client', 'connect', { on: 'client' }), 'ESTABLISHED', 2),
      words(
        'SYN, SYN+ACK, ACK: both ends are ESTABLISHED, and accept returns the new socket.',
        'SYN、SYN+ACK、ACK 三次握手：两端都进入 ESTABLISHED，accept 返回新的套接字。',
      ),
    ),
    ...greeting(),
  ];
}

const REUSE = 'SO_REUSEADDR';

/** These stories. */
export const REUSE_STORIES: readonly Story[] = [
  {
    id: 'failed-restart',
    title: words('The failed restart', '重启失败'),
    about: words(
      'The server closes its connection first, ends, and is started again a moment later. Why can it not have its port?',
      '服务器先关闭连接、退出，马上又重新启动。为什么拿不到自己的端口？',
    ),
    moral: words(
      `The kernel keeps the end that closed first in TIME_WAIT. Without ${REUSE} its address is in use until that is over.`,
      `内核让先关闭的一端停留在 TIME_WAIT。没有 ${REUSE}，在它结束之前这个地址一直算“已在使用”。`,
    ),
    runs: [
      {
        title: words('The flag off', '不设置选项'),
        steps: [...waitingServer(), ...serverClosesFirst(), restart(), ...refused(false)],
      },
    ],
  },
  {
    id: 'off-and-on',
    title: words('Off and on, side by side', '关与开，并排对比'),
    about: words(
      `The same restart twice: without ${REUSE}, and with it on the listener of both runs.`,
      `同样的重启做两遍：一遍不设置 ${REUSE}，一遍在两次运行的监听套接字上都设置。`,
    ),
    moral: words(
      'TIME_WAIT is there both times. The flag does not remove it: it lets bind share the address with it.',
      '两边都有 TIME_WAIT。这个选项并不消除它，只是允许 bind 与它共用地址。',
    ),
    runs: [off, on],
  },
  {
    id: 'second-only',
    title: words('The flag on the second run only', '只在第二次设置'),
    about: words(
      'One forgot the flag, the restart fails, one sets it and tries again. Does it help?',
      '忘了设置选项，重启失败；现在加上再试一次，有用吗？',
    ),
    moral: words(
      'On Linux the old socket needs the flag too: TIME_WAIT keeps what its socket had. Elsewhere (BSD) only the new one counts.',
      '在 Linux 上旧套接字也必须设置过：TIME_WAIT 保留着原来套接字的选项。别的系统（BSD）只看新的套接字。',
    ),
    runs: [
      {
        title: words('Off, then on', '先关后开'),
        steps: [
          ...listening(),
          ...connected(),
          ...greeting(),
          ...serverClosesFirst(),
          restart(),
          ...refused(
            true,
            words(
              'Still EADDRINUSE: the TIME_WAIT is left by a socket without the flag.',
              '仍然是 EADDRINUSE：留下 TIME_WAIT 的那个套接字没有设置过选项。',
            ),
          ),
        ],
      },
    ],
  },
  {
    id: 'client-first',
    title: words('The client closes first', '客户端先关闭'),
    about: words(
      'The same without the flag, but now the client closes first.',
      '同样不设置选项，但这次由客户端先关闭。',
    ),
    moral: words(
      'TIME_WAIT stays with whoever closes first. On the port of the client it disturbs no server.',
      '谁先关闭，TIME_WAIT 就留在谁那里。留在客户端的端口上，不会妨碍服务器。',
    ),
    runs: [
      {
        title: words('The flag off', '不设置选项'),
        steps: [
          ...listening(),
          ...connected(),
          ...greeting(),
          until(does('client', 'close', { on: 'client' }), 'CLOSE_WAIT'),
          does('server', 'recv', { on: 'connection', size: 64 }),
          seen(
            until(does('server', 'close', { on: 'connection' }), 'TIME_WAIT'),
            words(
              'TIME_WAIT again, but look at its ports: its own is the one of the client.',
              '又是 TIME_WAIT，但请看端口：它自己的端口是客户端的。',
            ),
          ),
          restart(),
          ...allowed(false),
        ],
      },
    ],
  },
  {
    id: 'accepted-socket',
    title: words('The flag on the accepted socket', '选项设在 accept 得到的套接字上'),
    about: words(
      'The listener has no flag; the accepted socket gets it just before it is closed.',
      '监听套接字没有选项；accept 得到的套接字在关闭之前才设置。',
    ),
    moral: words(
      'What counts is the socket that enters TIME_WAIT. It mostly has the flag because the listener had it at the handshake.',
      '起作用的是进入 TIME_WAIT 的那个套接字。平时它有这个选项，是因为握手时从监听套接字继承来的。',
    ),
    runs: [
      {
        title: words('On, just before close', '关闭之前设置'),
        steps: [
          ...listening(),
          ...connected(),
          ...greeting(),
          reuse('connection'),
          ...serverClosesFirst(),
          restart(),
          ...allowed(true),
        ],
      },
    ],
  },
];
