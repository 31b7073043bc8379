/** Stories about the states of TCP, and about SO_REUSEPORT. */
import { connected, does, fails, greeting, listening, seen, until, waits, words } from './build.js';
import type { Story, StoryRun, StoryStep } from './story.js';

const clientConnects = (on: string): StoryStep[] => [
  does('client', 'socket', { on }),
  does('client', 'connect', { on }),
];

const closeWait: Story = {
  id: 'close-wait',
  title: words('The CLOSE_WAIT leak', 'CLOSE_WAIT 泄漏'),
  about: words(
    'The client hangs up, and the server forgets to close its end.',
    '客户端挂断了，服务器却忘了关闭自己这一端。',
  ),
  moral: words(
    'CLOSE_WAIT has no end of its own: the kernel waits for the program to call close. Many of them are a bug of the program.',
    'CLOSE_WAIT 不会自己结束：内核一直等程序调用 close。大量的 CLOSE_WAIT 就是程序的错误。',
  ),
  runs: [
    {
      title: words('Forgotten', '忘记关闭'),
      steps: [
        ...listening(true),
        ...connected(),
        ...greeting(),
        seen(
          until(does('client', 'close', { on: 'client' }), 'CLOSE_WAIT'),
          words(
            'The client has sent its FIN. The server is in CLOSE_WAIT, and the client in FIN_WAIT2, which the kernel ends after a while.',
            '客户端发出了 FIN。服务器处于 CLOSE_WAIT；客户端处于 FIN_WAIT2，内核过一会儿会结束它。',
          ),
        ),
        seen(
          does('server', 'recv', { on: 'connection', size: 64 }),
          words(
            'recv gives 0, and that is all the program is told. Now it should close.',
            'recv 返回 0，程序只会得到这个通知。这时就该 close 了。',
          ),
        ),
        seen(
          until(does('server', 'close', { on: 'connection' }), 'TIME_WAIT'),
          words('close, and the leak is over.', '调用 close，泄漏结束。'),
        ),
      ],
    },
  ],
};

const halfClose: Story = {
  id: 'half-close',
  title: words('Half-close: shutdown', '半关闭：shutdown'),
  about: words('The client has said all it has to say, but still wants the answer.', '客户端话说完了，但还要等回答。'),
  moral: words(
    'shutdown(SHUT_WR) ends one direction only. close would end both for this descriptor, and the answer would be lost.',
    'shutdown(SHUT_WR) 只结束一个方向。close 则两个方向都结束，回答也就收不到了。',
  ),
  runs: [
    {
      title: words('One direction ends', '结束一个方向'),
      steps: [
        ...listening(true),
        ...connected(),
        ...greeting(),
        seen(
          until(does('client', 'shutdown', { on: 'client', how: 'SHUT_WR' }), 'FIN_WAIT2'),
          words(
            'The FIN of the client is sent; its socket can still read.',
            '客户端的 FIN 已发出；它的套接字仍然可以读。',
          ),
        ),
        seen(
          does('server', 'recv', { on: 'connection', size: 64 }),
          words('0: the client will send no more.', '返回 0：客户端不会再发数据了。'),
        ),
        does('server', 'send', { on: 'connection', text: 'answer' }),
        seen(
          does('client', 'recv', { on: 'client', size: 64 }),
          words('The answer arrives although the client has sent its FIN.', '客户端虽然已发出 FIN，回答还是收到了。'),
        ),
        until(does('server', 'close', { on: 'connection' }), 'TIME_WAIT'),
        does('client', 'close', { on: 'client' }),
      ],
    },
  ],
};

const reset: Story = {
  id: 'reset',
  title: words('RST instead of FIN: SO_LINGER', '用 RST 代替 FIN：SO_LINGER'),
  about: words(
    'The server closes first, without the flag, but with SO_LINGER of 0 seconds.',
    '服务器先关闭，不设置 SO_REUSEADDR，但设置 0 秒的 SO_LINGER。',
  ),
  moral: words(
    'A reset leaves no TIME_WAIT, so the restart works. The price: data on their way are lost, and the peer sees an error.',
    '复位不留下 TIME_WAIT，所以重启成功。代价是：路上的数据会丢失，对方会看到错误。',
  ),
  runs: [
    {
      title: words('close sends RST', 'close 发送 RST'),
      steps: [
        ...listening(),
        ...connected(),
        ...greeting(),
        does('server', 'setsockopt', { on: 'connection', option: 'SO_LINGER', value: 1 }),
        seen(
          does('server', 'close', { on: 'connection' }),
          words(
            'RST: both ends are gone at once. There is no FIN, and no TIME_WAIT.',
            'RST：两端立刻消失。没有 FIN，也没有 TIME_WAIT。',
          ),
        ),
        fails(
          does('client', 'recv', { on: 'client', size: 64 }),
          'ECONNRESET',
          words('ECONNRESET: this is how the peer learns of it.', 'ECONNRESET：对方就是这样得知的。'),
        ),
        does('client', 'close', { on: 'client' }),
        does('server', 'restart', {}),
        ...listening(),
      ],
    },
  ],
};

const backlog: Story = {
  id: 'backlog-full',
  title: words('A full backlog', '队列满了'),
  about: words(
    'The server listens with a backlog of 0 and does not accept. On Linux the queue then takes one connection.',
    '服务器以 backlog 为 0 监听，又不调用 accept。在 Linux 上队列这时只容得下一个连接。',
  ),
  moral: words(
    'When the accept queue is full, Linux drops the SYN and says nothing. The client tries again after a second, and gets in when there is room.',
    'accept 队列满了，Linux 丢弃 SYN，什么也不回答。客户端一秒后重试，有空位时就能连上。',
  ),
  runs: [
    {
      title: words('listen(listener, 0)', 'listen(listener, 0)'),
      steps: [
        ...listening(true, 0),
        does('client', 'socket', { on: 'first' }),
        seen(
          until(does('client', 'connect', { on: 'first' }), 'ESTABLISHED', 2),
          words(
            'Connected, although nobody has called accept: the kernel shakes hands by itself. The queue of the listener is 1 of 0: full.',
            '还没有人调用 accept 就连上了：握手由内核完成。监听套接字的队列是 1（上限 0）：满了。',
          ),
        ),
        does('client', 'socket', { on: 'second' }),
        until(
          waits(
            does('client', 'connect', { on: 'second' }),
            words('connect waits in SYN_SENT: its SYN was dropped.', 'connect 停在 SYN_SENT 等待：它的 SYN 被丢弃了。'),
          ),
          'SYN_SENT',
        ),
        seen(
          until(does('server', 'accept', { on: 'listener', as: 'connection' }), 'ESTABLISHED', 4),
          words(
            'accept takes the first out of the queue; the next try of the second finds room.',
            'accept 取走第一个连接；第二个客户端下一次重试时就有空位了。',
          ),
        ),
        does('server', 'accept', { on: 'listener', as: 'another' }),
      ],
    },
  ],
};

/** Two listeners on one port, by one flag or the other. */
function twoListeners(option: 'SO_REUSEADDR' | 'SO_REUSEPORT'): StoryStep[] {
  return ['first', 'second'].flatMap((on) => [
    does('server', 'socket', { on }),
    does('server', 'setsockopt', { on, option, value: 1 }),
    does('server', 'bind', { on }),
    does('server', 'listen', { on, backlog: 5 }),
  ]);
}

const byAddr: StoryRun = {
  title: words('SO_REUSEADDR on both', '都设置 SO_REUSEADDR'),
  steps: twoListeners('SO_REUSEADDR')
    .slice(0, 7)
    .map((step, index) =>
      index === 6
        ? fails(
            step,
            'EADDRINUSE',
            words(
              'EADDRINUSE: SO_REUSEADDR never shares a port with a socket that listens.',
              'EADDRINUSE：SO_REUSEADDR 从不与正在监听的套接字共用端口。',
            ),
          )
        : step,
    ),
};

const byPort: StoryRun = {
  title: words('SO_REUSEPORT on both', '都设置 SO_REUSEPORT'),
  steps: [
    ...twoListeners('SO_REUSEPORT'),
    ...['one', 'two', 'three'].flatMap(clientConnects),
    does('client', 'socket', { on: 'four' }),
    // Nobody accepts: which of the two has a connection is the hash's choice.
    seen(
      until(does('client', 'connect', { on: 'four' }), 'ESTABLISHED', 8),
      words(
        'Both listen. The kernel shares the connections out by a hash of the addresses: look at the two queues.',
        '两个都在监听。内核按地址的哈希把连接分给它们：请看两个队列的长度。',
      ),
    ),
  ],
};

const reusePort: Story = {
  id: 'reuseport',
  title: words('Two servers on one port: SO_REUSEPORT', '两个服务器共用端口：SO_REUSEPORT'),
  about: words(
    'Two sockets want to listen on one port. Which flag allows it?',
    '两个套接字想监听同一个端口。哪个选项允许这样做？',
  ),
  moral: words(
    'SO_REUSEADDR is for a port that somebody had; SO_REUSEPORT for a port that several have at once.',
    'SO_REUSEADDR 针对“曾经有人用过”的端口；SO_REUSEPORT 针对“几个套接字同时用”的端口。',
  ),
  runs: [byAddr, byPort],
};

/** These stories. */
export const STATE_STORIES: readonly Story[] = [closeWait, halfClose, reset, backlog, reusePort];
