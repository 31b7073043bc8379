/** Who looks after a process, so that a kill alone may not end it for good: from what /proc tells. Pure. */
import type { Manager } from './observation.js';
import type { ProcessFacts } from './process-facts.js';
import { quotedForShell } from '../../printable.js';

type Process = Pick<ProcessFacts, 'command' | 'commandLine' | 'parents' | 'cgroup' | 'environment'>;

/** What runs programs of others: to stop it is not meant. */
const RUNS_OTHERS =
  /^(ssh|sshd|cron|crond|atd|docker|containerd|podman|user@\d+|getty@.*|serial-getty@.*|console-getty|gdm|display-manager|init|dbus|polkit)(@.*)?\.service$/;
/** Shells, terminals and the like: they start a program once, and no second time. */
const STARTS_ONCE =
  /^-?(sh|bash|dash|zsh|fish|ksh|csh|tcsh|ash|busybox|tmux.*|screen|script|sshd.*|login|su|sudo|doas|systemd|init|tini|dumb-init|docker-init|catatonit|conmon|containerd-shim.*|cron|crond|atd|env|nohup|setsid|timeout|time|strace|gdb|xterm|konsole|alacritty|kitty|wezterm.*|gnome-terminal.*|make|npm.*|npx.*|yarn|pnpm|code|Code Helper|electron)$/;

/** Who looks after this process; undefined where nobody is known to. */
export function managerOf(process: Process): Manager | undefined {
  return ofPm2(process) ?? ofSupervisord(process) ?? ofCgroup(process) ?? ofDockerProxy(process) ?? ofParents(process);
}

function ofPm2({ environment, parents = [] }: Process): Manager | undefined {
  const id = environment?.['pm_id'];
  const god = parents.find(({ commandLine }) => /^PM2 v\S+: God Daemon/.test(commandLine));
  if (god === undefined) return undefined; // a shell that pm2's program started has the variable too
  return { kind: 'pm2', name: 'pm2', stop: `pm2 stop ${id !== undefined && /^\d+$/.test(id) ? id : 'all'}` };
}

function ofSupervisord({ environment, parents = [] }: Process): Manager | undefined {
  const name = environment?.['SUPERVISOR_PROCESS_NAME'];
  if (name === undefined || !parents.some(({ commandLine }) => /\bsupervisord\b/.test(commandLine))) return undefined;
  const group = environment?.['SUPERVISOR_GROUP_NAME'];
  const full = group === undefined || group === name ? name : `${group}:${name}`;
  return { kind: 'supervisord', name: 'supervisord', stop: `supervisorctl stop ${quotedForShell(full)}`, root: true };
}

function ofCgroup({ cgroup = '', parents = [] }: Process): Manager | undefined {
  const container = /(?:^|\/)(docker|libpod|cri-containerd|crio)[-/]([0-9a-f]{12,64})(?:\.scope)?(?:\/|$)/.exec(cgroup);
  if (cgroup.includes('kubepods')) {
    return { kind: 'kubernetes', name: 'a pod of Kubernetes, which starts it again' };
  }
  const [, kind, id = ''] = container ?? [];
  const short = id.slice(0, 12);
  if (kind === 'docker') return { kind, name: `the docker container ${short}`, stop: `docker stop ${short}` };
  if (kind === 'libpod') return { kind: 'podman', name: `the podman container ${short}`, stop: `podman stop ${short}` };
  if (kind !== undefined) return { kind: 'container', name: `the container ${short}` };
  return ofUnit(cgroup, parents);
}

/** A unit is the last part of the path that ends in `.service`; below `user@1000.service` it is the user's own. */
function ofUnit(cgroup: string, parents: readonly { command: string }[]): Manager | undefined {
  const parts = cgroup.split('/');
  const unit = parts.findLast((part) => part.endsWith('.service'));
  if (unit === undefined || RUNS_OTHERS.test(unit) || parents.some(({ command }) => command === 'sshd'))
    return undefined;
  if (parts.at(-1)?.endsWith('.scope') === true) return undefined; // what a terminal started in it
  const isUsers = parts.some((part, index) => /^user@\d+\.service$/.test(part) && index < parts.indexOf(unit));
  const name = `the systemd unit ${unit}`;
  const word = quotedForShell(unit.replaceAll('\\', '\\'));
  return isUsers
    ? { kind: 'systemd', name, stop: `systemctl --user stop ${word}` }
    : { kind: 'systemd', name, stop: `systemctl stop ${word}`, root: true };
}

/** Docker publishes a port by a process of its own. */
function ofDockerProxy({ command, commandLine }: Process): Manager | undefined {
  const [, port] = /-host-port (\d+)/.exec(commandLine) ?? [];
  if (command !== 'docker-proxy' || port === undefined) return undefined;
  const stop = `docker stop $(docker ps --quiet --filter publish=${port})`;
  return { kind: 'docker-proxy', name: `docker, which publishes the port for a container`, stop };
}

const WATCHERS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[\s/])nodemon(?:\.js)?(?:\s|$)/, 'nodemon'],
  [/(?:^|[\s/])ts-node-dev(?:\s|$)/, 'ts-node-dev'],
  [/(?:^|[\s/])tsx(?:\/dist\/\S+)?\s+watch\b/, 'tsx watch'],
  [/^\S*node\s(?:\S+\s)*--watch(?:-path\S*)?(?:[\s=]|$)/, 'node --watch'],
  [/(?:^|[\s/])(?:forever)(?:\/\S+)?(?:\s|$)/, 'forever'],
  [/(?:^|[\s/])(?:watchexec|entr|air|reflex)(?:\s|$)/, 'a watcher'],
];

function ofParents({ parents = [] }: Process): Manager | undefined {
  for (const { pid, command, commandLine } of parents) {
    if (pid === 1) break;
    if (command === 'runsv') {
      const [, service = ''] = /^runsv (.+)$/.exec(commandLine) ?? [];
      return { kind: 'runit', name: 'runit', stop: `sv stop ${quotedForShell(service)}`, root: true };
    }
    const watcher = WATCHERS.find(([pattern]) => pattern.test(commandLine));
    if (watcher !== undefined) {
      return { kind: 'watcher', name: watcher[1], stop: `kill ${String(pid)}`, pid };
    }
  }
  const [parent] = parents;
  if (parent === undefined || parent.pid <= 1 || STARTS_ONCE.test(parent.command)) return undefined;
  if (/^(?:\S*\/)?(?:npm|npx|yarn|pnpm)\b/.test(parent.commandLine)) return undefined;
  return { kind: 'parent', name: parent.command, stop: `kill ${String(parent.pid)}`, pid: parent.pid };
}
