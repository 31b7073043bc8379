/** What is done where no port is left, or connect is refused a place. */
import { expect } from '@jest/globals';
import { listen } from 'bsd-sockets';
import { explain } from 'bsd-sockets/doctor';
import { bound, portOf } from '../situations.js';
import { advised, noNamespace, scene } from './advised.js';

const play = async (code: string): Promise<void> => {
  await scene(code);
};

const RANGE = "fs.writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '40000 40001');";
const NO_PORT = `${RANGE}
  const [one, two] = [bindAt(0), bindAt(0)];
  const found = explain(errorOf(() => bindAt(0)));`;

advised('close-unneeded', 'then the kernel has one to give; and one outside can be had by number', noNamespace, () =>
  play(`${NO_PORT}
    take(found, 'close-unneeded');
    bindAt(39999);
    s.close(one);
    bindAt(0);`),
);

advised('widen-range', 'then there are more', noNamespace, () =>
  play(`${NO_PORT}
    sh(commandOf(take(found, 'widen-range')));
    bindAt(0);`),
);

advised('late-port', 'connect() chooses the port, and two connections share it', noNamespace, () =>
  play(`
    const servers = [listenAt(4000), listenAt(4001), listenAt(4002)];
    ${NO_PORT}
    s.close(one); s.close(two);
    const line = commandOf(take(found, 'late-port'));
    for (const port of [4000, 4001, 4002]) {
      const fd = tcp();
      runLine(line, fd);
      s.bind(fd, at(0));
      s.connect(fd, at(port));
    }`),
);

advised('reuse-connections', 'what is open goes on working', noNamespace, () =>
  play(`
    ${RANGE}
    const server = listenAt(4000);
    const connect = () => { const fd = tcp(); s.connect(fd, at(4000)); return fd; };
    const open = [connect(), connect()];
    take(explain(errorOf(connect)), 'reuse-connections');
    const peer = s.accept(server).fd;
    s.send(open[0], Buffer.from('again'));
    if (s.recv(peer, Buffer.alloc(99)) !== 5) throw new Error('it did not arrive');`),
);

advised('leave-port', 'the kernel finds one that is not used with that peer', noNamespace, () =>
  play(`
    const server = listenAt(4000);
    const connect = (port) => {
      const fd = tcp();
      s.setsockopt(fd, s.SOL_SOCKET, s.SO_REUSEADDR, true);
      if (port > 0) s.bind(fd, at(port));
      s.connect(fd, at(4000));
      return fd;
    };
    connect(5000);
    take(explain(errorOf(() => connect(5000))), 'leave-port');
    connect(0);`),
);

advised('other-family', 'what listens is reached by the family that works', noNamespace, () =>
  play(`
    fs.writeFileSync('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1');
    const server = listenAt(4000);
    const v6 = s.socket(s.AF_INET6, s.SOCK_STREAM);
    const what = take(explain(errorOf(() => s.connect(v6, at(4000, '::1')))), 'other-family');
    s.connect(tcp(), at(4000, /Connect to (\\d+\\.\\d+\\.\\d+\\.\\d+)/.exec(what)[1]));`),
);

advised('see-rights', 'the rights are shown; who gets them connects', noNamespace, () =>
  play(`
    const address = { family: 'Unix', path: folder + '/socket' };
    const server = s.socket(s.AF_UNIX, s.SOCK_STREAM);
    s.bind(server, address);
    s.listen(server, 1);
    fs.chmodSync(address.path, 0o700);
    const connect = () => { s.connect(s.socket(s.AF_UNIX, s.SOCK_STREAM), address); };
    const found = asNobody(() => explain(errorOf(connect)));
    if (!sh(commandOf(take(found, 'see-rights'))).startsWith('srwx------')) throw new Error('no rights are shown');
    fs.chmodSync(address.path, 0o777);
    asNobody(connect);`),
);

advised('find-rule', 'the route that forbids it is taken away', noNamespace, () =>
  play(`
    sh('ip route add prohibit 192.0.2.1/32');
    const connect = () => { s.connect(tcp(), at(4000, '192.0.2.1')); };
    take(explain(errorOf(connect)), 'find-rule');
    sh('ip route del prohibit 192.0.2.1/32; ip addr add 192.0.2.1/32 dev lo');
    const server = bindAt(4000, '192.0.2.1');
    s.listen(server, 1);
    connect();`),
);

advised('give-address', 'with it explain() looks who has it', '', (take) => {
  const listening = bound();
  listen(listening);
  const error = Object.assign(new Error('in use'), { code: 'EADDRINUSE', syscall: 'bind' });
  expect(take(explain(error))).toContain('explain(error, { address })');
  const address = { port: portOf(listening), address: '127.0.0.1' };
  expect(explain(error, { address })).toMatchObject({ verdict: 'listening', holders: [{ pid: process.pid }] });
});
