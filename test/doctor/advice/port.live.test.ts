/** What is done about the bind, the time, or the number. */
import { expect } from '@jest/globals';
import * as s from 'bsd-sockets';
import { why } from 'bsd-sockets/doctor';
import { spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { freePort } from '../../../lib/lab/free-port.js';
import { run } from '../../support/programs.js';
import { closeNow, closing, tcp } from '../../support/sockets.js';
import { until } from '../../support/until.js';
import { bound, boundUdp, connected, portInFinWait1, portInTimeWait, portOf } from '../situations.js';
import { advised, commandOf, inShell, isRoot, noNamespace, scene } from './advised.js';

const at = (port: number): { family: 'IPv4'; port: number; address: string } => ({
  family: 'IPv4',
  port,
  address: '127.0.0.1',
});

advised('set-flag', 'with SO_REUSEADDR the bind works beside what has it', '', (take) => {
  const port = portInTimeWait({ reuseaddr: true });
  const fd = tcp();
  runInNewContext(commandOf(take(why(at(port)))), { ...s, fd });
  s.bind(fd, at(port));
  s.listen(fd, 1);
});

advised('set-flag', 'with SO_REUSEPORT too', '', (take) => {
  const listening = bound({ reuseport: true });
  s.listen(listening, 1);
  const fd = tcp();
  runInNewContext(commandOf(take(why(at(portOf(listening))))), { ...s, fd });
  s.bind(fd, at(portOf(listening)));
  s.listen(fd, 1);
});

advised('set-flag', 'and where both are needed, it sets both', '', (take) => {
  const [one, other] = [boundUdp({ reuseaddr: true }), closing(s.socket(s.AF_INET, s.SOCK_DGRAM))];
  const port = portOf(one);
  // One has the first flag, the other one the second: nobody but a socket with both passes.
  s.setsockopt(other, s.SOL_SOCKET, s.SO_REUSEADDR, true);
  s.setsockopt(other, s.SOL_SOCKET, s.SO_REUSEPORT, true);
  s.bind(other, at(port));
  s.setsockopt(other, s.SOL_SOCKET, s.SO_REUSEADDR, false);
  const fd = closing(s.socket(s.AF_INET, s.SOCK_DGRAM));
  runInNewContext(commandOf(take(why(at(port), { protocol: 'udp' }))), { ...s, fd });
  s.bind(fd, at(port));
});

advised('wait', 'the command ends when the kernel has dropped what is over', '', async (take) => {
  const port = freePort(new Set()); // which the kernel gives to nobody else by itself meanwhile
  const { listening, server } = connected({}, port);
  s.setsockopt(server, s.IPPROTO_TCP, s.TCP_LINGER2, 3); // seconds in FIN_WAIT2, enough to ask; the other end stays open
  for (const fd of [server, listening]) closeNow(fd);
  await until(() => why(at(port)).verdict === 'expiring'); // FIN_WAIT1 at first, until the other end's kernel answers
  const command = commandOf(take(why(at(port))));
  expect(command).toMatch(/ why \d+ --host 127\.0\.0\.1 --watch$/);
  inShell(`${command} 2>/dev/null`);
  s.bind(tcp(), at(port));
});

advised('wait', 'also for what the kernel still closes, nobody knows how long', '', async (take) => {
  const { port, client } = portInFinWait1(freePort(new Set()));
  const watch = run('/bin/sh', ['-c', commandOf(take(why(at(port))))]);
  await watch.says(/\d/);
  closeNow(client); // and resets it: it has not read everything
  expect(await watch.ended).toMatchObject({ code: 0 });
  s.bind(tcp(), at(port));
});

const canDestroy = isRoot && spawnSync('ss', ['-K', 'dst', '203.0.113.1'], { stdio: 'ignore' }).status === 0;
advised('drop', 'root ends what is in TIME_WAIT', canDestroy ? '' : 'it takes root, and ss -K', (take) => {
  const port = portInTimeWait();
  inShell(commandOf(take(why(at(port)))));
  s.bind(tcp(), at(port));
});

advised('reserve', 'the kernel no longer gives the port to a connection', noNamespace, async () => {
  await scene(`
    fs.writeFileSync('/proc/sys/net/ipv4/ip_local_reserved_ports', '8080');
    const listening = listenAt(4000);
    const gone = tcp();
    s.connect(gone, at(4000));
    const port = portOf(gone);
    sh(commandOf(take(why(at(port)), 'reserve')));
    const reserved = fs.readFileSync('/proc/sys/net/ipv4/ip_local_reserved_ports', 'utf8').trim();
    if (reserved !== '8080,' + port) throw new Error(reserved); // what was there is kept
    s.setsockopt(gone, s.SOL_SOCKET, s.SO_LINGER, new Int32Array([1, 0]));
    s.close(gone);
    fs.writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', port + ' ' + (port + 1));
    const next = tcp();
    s.connect(next, at(4000));
    if (portOf(next) !== port + 1) throw new Error('it was given away');
    bindAt(port);`);
});

advised('another-port', 'port 0 finds one', '', (take) => {
  const listening = bound();
  s.listen(listening, 1);
  expect(take(why(at(portOf(listening))))).toContain('port 0');
  expect(portOf(bound())).not.toBe(portOf(listening));
});

advised('unprivileged-port', 'any user may bind from there on', noNamespace, async () => {
  await scene(`
    const what = take(asNobody(() => why(at(80))), 'unprivileged-port');
    asNobody(() => bindAt(Number(/from (\\d+) on/.exec(what)[1])));`);
});

advised('setcap', 'a program with the right binds the low port', noNamespace, async () => {
  await scene(`
    const program = folder + '/node';
    fs.copyFileSync(process.execPath, program);
    fs.chmodSync(program, 0o755);
    const command = commandOf(take(asNobody(() => why(at(80))), 'setcap'));
    sh(command.replace('/path/to/program', program));
    const code = 'require("net").createServer().listen(80, "127.0.0.1", () => process.exit())';
    execFileSync(program, ['-e', code], { uid: 65534, gid: 65534 });`);
});

const noAuthbind = noNamespace || (spawnSync('authbind').error === undefined ? '' : 'authbind(1) is not here');
advised('authbind', 'this one port for this one user', noAuthbind, async () => {
  await scene(`
    const what = take(asNobody(() => why(at(80))), 'authbind');
    process.env.USER = 'nobody';
    sh(/after: (.+)\\)$/.exec(what)[1]);
    const code = 'require("net").createServer().listen(80, "127.0.0.1", () => process.exit())';
    execFileSync('authbind', ['--deep', process.execPath, '-e', code], { uid: 65534, gid: 65534 });`);
});

advised('move-border', 'then the port needs no right', noNamespace, async () => {
  await scene(`
    sh(commandOf(take(asNobody(() => why(at(80))), 'move-border')));
    asNobody(() => bindAt(80));`);
});

const onMacOS = process.platform === 'darwin' ? '' : 'this kernel has a list of its sockets, so it is not advised';
advised('ask-lsof', 'where the kernel has no list, lsof may know who listens', onMacOS, (take) => {
  const listening = bound();
  s.listen(listening, 1);
  const command = commandOf(take(why(at(portOf(listening))))).replace(/^sudo /, '');
  expect(inShell(command)).toContain(String(process.pid));
});
