import { describe, expect, test } from '@jest/globals';
import { managerOf } from '../../lib/doctor/kernel/manager.js';

type Given = Parameters<typeof managerOf>[0];
const ID = '0123456789abcdef'.repeat(4);
const process = (given: Partial<Given>): Given => ({ command: 'node', commandLine: 'node server.js', ...given });
const parent = (command: string, commandLine = command, pid = 77): NonNullable<Given['parents']>[number] => ({
  pid,
  command,
  commandLine,
});

describe('who looks after a process', () => {
  test.each([
    ['/system.slice/nginx.service', 'systemd', 'sudo systemctl stop nginx.service'],
    ['/system.slice/system-app.slice/app@3.service', 'systemd', 'sudo systemctl stop app@3.service'],
    [
      '/user.slice/user-1000.slice/user@1000.service/app.slice/dev.service',
      'systemd',
      'systemctl --user stop dev.service',
    ],
    [`/system.slice/docker-${ID}.scope`, 'docker', 'docker stop 0123456789ab'],
    [`/docker/${ID}`, 'docker', 'docker stop 0123456789ab'],
    [`/machine.slice/libpod-${ID}.scope/container`, 'podman', 'podman stop 0123456789ab'],
    [`/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, 'kubernetes', undefined],
  ])('is told by the control group %s', (cgroup, kind, stop) => {
    const found = managerOf(process({ cgroup }));
    expect([found?.kind, found?.root === true ? `sudo ${found.stop ?? ''}` : found?.stop]).toEqual([kind, stop]);
  });

  test.each([
    '/user.slice/user-1000.slice/session-3.scope',
    '/system.slice/ssh.service',
    '/system.slice/cron.service',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/gnome-terminal-server.service/vte-spawn-1.scope',
    '/user.slice/user-1000.slice/user@1000.service/init.scope',
    '/',
  ])('is nobody where a user started it: %s', (cgroup) => {
    expect(managerOf(process({ cgroup, parents: [parent('bash')] }))).toBeUndefined();
  });

  test.each([
    [
      { environment: { pm_id: '3' }, parents: [parent('PM2 v5.3.0', 'PM2 v5.3.0: God Daemon (/root/.pm2)')] },
      'pm2 stop 3',
    ],
    [
      {
        environment: { SUPERVISOR_PROCESS_NAME: 'web', SUPERVISOR_GROUP_NAME: 'shop' },
        parents: [parent('supervisord', '/usr/bin/python3 /usr/bin/supervisord')],
      },
      'supervisorctl stop shop:web',
    ],
    [{ parents: [parent('runsv', 'runsv web')] }, 'sv stop web'],
    [{ parents: [parent('node'), parent('init', 'init', 1)] }, 'kill 77'],
    [
      { parents: [parent('sh', 'sh -c node server.js'), parent('node', 'node /usr/bin/nodemon server.js', 78)] },
      'kill 78',
    ],
    [{ parents: [parent('node', '/usr/bin/node --watch server.js')] }, 'kill 77'],
    [{ parents: [parent('node', 'node /app/node_modules/.bin/tsx watch server.ts')] }, 'kill 77'],
    [
      { command: 'docker-proxy', commandLine: 'docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080' },
      'docker stop $(docker ps --quiet --filter publish=8080)',
    ],
  ])('is told by its parents and its environment: %j', (given, stop) => {
    expect(managerOf(process(given))?.stop).toBe(stop);
  });

  test('may be a parent that is no shell', () => {
    expect(managerOf(process({ parents: [parent('dev-server', 'dev-server')] }))).toMatchObject({
      kind: 'parent',
      pid: 77,
    });
    for (const shell of ['bash', 'zsh', 'tmux: server', 'npm run dev', 'systemd', 'sshd', 'make'])
      expect(managerOf(process({ parents: [parent(shell)] }))).toBeUndefined();
  });
});
