/** The steps of the cure in words. Pure. */
import type { Tell } from '../../language.js';
import type { Step } from '../diagnosis/plan.js';
import { printable, quotedForShell } from '../../printable.js';
import { connections, managerName, processWord, seconds } from './words.js';

/** What a step does, as a sentence without its end. */
export function sayStep(step: Step, t: Tell): string {
  switch (step.kind) {
    case 'set-flag': {
      const who = processWord(step);
      return t(
        `Set SO_REUSEADDR on the sockets of ${who}, so that what they leave lets a server with the flag pass`,
        `给 ${who} 的套接字设上 SO_REUSEADDR，这样它们留下的东西就不会挡住带这个标志的服务器`,
      );
    }
    case 'stop': {
      const first = step.stopped ? t(', and let it go on first (it is stopped)', '，先让它继续（它被停住了）') : '';
      const after = step.kill ? t(', and with SIGKILL if that does not help', '，不行再用 SIGKILL') : '';
      const who = processWord(step);
      return t(`End ${who} with SIGTERM${first}${after}`, `用 SIGTERM 结束 ${who}${first}${after}`);
    }
    case 'ask': {
      const { name, stop = '' } = step.manager;
      const who = managerName(name, t);
      return t(`Have ${who} stop it: ${stop}`, `让${who}停止它：${stop}`);
    }
    case 'destroy': {
      const what = connections(step.sockets.length, t);
      return t(`End ${what} that no program has any more (SOCK_DESTROY)`, `结束已经没有程序的 ${what}（SOCK_DESTROY）`);
    }
    case 'remove': {
      const command = `rm ${quotedForShell(step.path)}`;
      return t(`Remove the path that nobody has open: ${command}`, `删掉没有人打开的路径：${command}`);
    }
    case 'wait': {
      const left = seconds(step.ms, t);
      return t(`Wait ${left}, until the kernel drops what is over`, `等 ${left}，直到内核丢掉已经结束的连接`);
    }
    case 'refuse': {
      const because = sayRefusal(step, t);
      return t(`Nothing can be done here: ${because}`, `这里什么也做不了：${because}`);
    }
  }
}

function sayRefusal({ why, process }: Extract<Step, { kind: 'refuse' }>, t: Tell): string {
  const who = processWord(process ?? {});
  switch (why) {
    case 'no-holder':
      return t('it is not that somebody has it; see above', '问题不在于有人占着它；见上面');
    case 'kernel':
      return t(
        'the kernel itself still closes it, and says not when that ends',
        '内核自己还在关闭它，没有说什么时候结束',
      );
    case 'unseen':
      return t(
        'no process that can be seen here has it (a container, or the kernel itself)',
        '从这里能看到的进程都没有占着它（可能是容器，或者内核自己）',
      );
    case 'only-root-sees':
      return t(
        'the program that has it cannot be seen by this user, only by root',
        '这个用户看不到占着它的程序，只有 root 能看到',
      );
    case 'first-process':
      return t(`${who} is the first process of this system`, `${who} 是这个系统的第一个进程`);
    case 'this-process':
      return t('this very process has it', '就是本进程占着它');
    case 'above':
      return t(`${who} is above this very process`, `${who} 是本进程的上级进程`);
    case 'manager-of-root': {
      const { name = '', stop = '' } = process?.manager ?? {};
      return t(
        `${printable(name)} looks after ${who}, and it takes root: sudo ${stop}`,
        `${who} 由${managerName(name, t)}照看，停止它需要 root：sudo ${stop}`,
      );
    }
    case 'ignores-term':
      return t(
        `${who} ignores SIGTERM: only SIGKILL ends it, and that takes --force`,
        `${who} 忽略 SIGTERM：只有 SIGKILL 能结束它，那需要 --force`,
      );
  }
}

/** What became of a step, in words; the name of an error stays as it is. */
export function sayResult(result: string, t: Tell): string {
  switch (result) {
    case 'ok':
      return t('ok', '成功');
    case 'SIGTERM':
      return t(
        'it has not ended after SIGTERM; --force then sends SIGKILL',
        '收到 SIGTERM 以后没有结束；--force 会再发 SIGKILL',
      );
    case 'SIGKILL':
      return t('it has not ended after SIGKILL', '收到 SIGKILL 以后也没有结束');
    default:
      return result.replace(/^exit status/, t('exit status', '退出状态'));
  }
}
