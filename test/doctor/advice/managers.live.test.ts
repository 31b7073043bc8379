/** What is looked after is stopped by those who look after it: stand-ins, which note what they were asked. */
import { expect } from '@jest/globals';
import { why } from 'bsd-sockets/doctor';
import { readFileSync, writeFileSync } from 'node:fs';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, temporaryFolder, type Program } from '../../support/programs.js';
import { advised, binds, commandOf, inShell, noNamespace, scene, standIns } from './advised.js';

const at = (port: number): { port: number; address: string } => ({ port, address: '127.0.0.1' });
const SERVER =
  'process.stdin.resume().on("end", () => process.exit()); const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log("port", s.address().port, process.pid))';
const ID = '0123456789ab'.padEnd(64, 'c');

async function portAndPid(program: Program): Promise<{ port: number; pid: number }> {
  const [, port, pid] = await program.says(/port (\d+) (\d+)\n/);
  return { port: Number(port), pid: Number(pid) };
}

/** A server in a control group of that name, as far as /proc tells; the tool ends it. */
async function inGroup(kind: string, group: string, tool: string, asked: string): Promise<void> {
  const body = `
    const server = start(${JSON.stringify(SERVER)});
    const [, port, pid] = /port (\\d+) (\\d+)/.exec(String((await once(server.stdout, 'data'))[0]));
    fs.writeFileSync(folder + '/pid', pid);
    fs.writeFileSync(folder + '/cgroup', ${JSON.stringify(`${group}\n`)});
    execFileSync('mount', ['--bind', folder + '/cgroup', '/proc/' + pid + '/cgroup']);
    sh(commandOf(take(why(at(Number(port))), ${JSON.stringify(kind)})));
    console.log(fs.readFileSync(folder + '/asked', 'utf8'));
    await once(server, 'exit');
    bindAt(Number(port));`;
  const said = await scene(body, { [tool]: 'kill "$(cat "$(dirname "$0")/../pid")"' });
  expect(said).toContain(`${tool} ${asked}\n`);
}

advised('stop-systemd', 'the unit is stopped', noNamespace, () =>
  inGroup('stop-systemd', '0::/system.slice/web.service', 'systemctl', 'stop web.service'),
);

advised('stop-systemd', "a user's own unit, by that user", noNamespace, () =>
  inGroup(
    'stop-systemd',
    '0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service',
    'systemctl',
    '--user stop web.service',
  ),
);

advised('stop-docker', 'the container is stopped', noNamespace, () =>
  inGroup('stop-docker', `0::/system.slice/docker-${ID}.scope`, 'docker', 'stop 0123456789ab'),
);

advised('stop-docker', 'so it is where the old control groups tell of the container', noNamespace, () =>
  inGroup('stop-docker', `9:name=systemd:/docker/${ID}\n0::/`, 'docker', 'stop 0123456789ab'),
);

advised('stop-podman', 'the container is stopped', noNamespace, () =>
  inGroup('stop-podman', `0::/machine.slice/libpod-${ID}.scope/container`, 'podman', 'stop 0123456789ab'),
);

advised('stop-docker-proxy', 'the container whose port it publishes is found and stopped', '', async (take) => {
  const tools = standIns({ docker: 'case "$1" in ps) echo abcdef;; *) kill "$(cat "$(dirname "$0")/../pid")";; esac' });
  const file = join(tools, 'bin', 'docker-proxy');
  symlinkSync(process.execPath, file);
  const program = run(file, ['-e', SERVER, '--', '-host-ip', '127.0.0.1', '-host-port', '8080']);
  const { port, pid } = await portAndPid(program);
  writeFileSync(join(tools, 'pid'), String(pid));
  inShell(commandOf(take(why(at(port)))), join(tools, 'bin'));
  expect(readFileSync(join(tools, 'asked'), 'utf8')).toBe(
    'docker ps --quiet --filter publish=8080\ndocker stop abcdef\n',
  );
  await binds(port);
});

advised('stop-pm2', 'the daemon is asked by the number that it gave', '', async (take) => {
  const tools = standIns({ pm2: 'kill "$(cat "$(dirname "$0")/../pid")"' });
  const god = `process.title = 'PM2 v5.4.2: God Daemon (/home/me/.pm2)';
    require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: ['pipe', 'inherit', 'inherit'], env: { ...process.env, pm_id: '3' } })`;
  const { port, pid } = await portAndPid(run(process.execPath, ['-e', god, SERVER, 'x'.repeat(60)]));
  writeFileSync(join(tools, 'pid'), String(pid));
  inShell(commandOf(take(why(at(port)))), join(tools, 'bin'));
  expect(readFileSync(join(tools, 'asked'), 'utf8')).toBe('pm2 stop 3\n');
  await binds(port);
});

advised('stop-supervisord', 'it is asked by the name of group and program', '', async (take) => {
  const tools = standIns({ sudo: 'exec "$@"', supervisorctl: 'kill "$(cat "$(dirname "$0")/../pid")"' });
  const parent = `process.title = 'supervisord -c /etc/supervisord.conf';
    require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, SUPERVISOR_PROCESS_NAME: 'web_0', SUPERVISOR_GROUP_NAME: 'web' } })`;
  const { port, pid } = await portAndPid(run(process.execPath, ['-e', parent, SERVER, 'x'.repeat(60)]));
  writeFileSync(join(tools, 'pid'), String(pid));
  inShell(commandOf(take(why(at(port)))), join(tools, 'bin'));
  expect(readFileSync(join(tools, 'asked'), 'utf8')).toContain('supervisorctl stop web:web_0\n');
  await binds(port);
});

advised('stop-runit', 'sv stops the service', '', async (take) => {
  const tools = standIns({ sudo: 'exec "$@"', sv: 'kill "$(cat "$(dirname "$0")/../pid")"' });
  const runsv = join(tools, 'runsv');
  symlinkSync('/bin/sh', runsv);
  writeFileSync(join(tools, 'web'), `"${process.execPath}" -e '${SERVER}'\nexit\n`);
  const { port, pid } = await portAndPid(run(runsv, ['web'], { cwd: tools, argv0: 'runsv' }));
  writeFileSync(join(tools, 'pid'), String(pid));
  inShell(commandOf(take(why(at(port)))), join(tools, 'bin'));
  expect(readFileSync(join(tools, 'asked'), 'utf8')).toContain('sv stop web\n');
  await binds(port);
});

advised('stop-watcher', 'a watcher that starts it again is stopped itself', '', async (take) => {
  const watcher = join(temporaryFolder(), 'nodemon.cjs');
  writeFileSync(
    watcher,
    `const { spawn } = require('node:child_process');
    let child;
    process.on('SIGTERM', () => { child.removeAllListeners('exit'); child.on('exit', () => process.exit()); child.kill(); });
    (function start() {
      child = spawn(process.execPath, ['-e', ${JSON.stringify(SERVER)}], { stdio: ['pipe', 'inherit', 'inherit'] });
      child.on('exit', start);
    })();`,
  );
  const program = run(process.execPath, [watcher], { argv0: 'nodemon' });
  const { port } = await portAndPid(program);
  const found = why(at(port));
  expect(found.holders).toMatchObject([{ manager: { kind: 'watcher', name: 'nodemon' } }]);
  expect(found.advice[0]?.because).toContain('may start it again');
  inShell(commandOf(take(found)));
  await program.ended;
  await binds(port);
});
