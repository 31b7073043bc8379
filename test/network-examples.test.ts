/** The examples that need a network of their own: each runs in a namespace that this makes. */
import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from './support/programs.js';

/** Runs a shell script in a network namespace whose loopback is up, in the folder of the examples. */
function inNamespace(script: string): string {
  const setup = 'set -e; mount -t tmpfs none /run; ip link set lo up; ';
  const { stdout, stderr } = spawnSync('unshare', ['-rn', '--mount', 'sh', '-c', setup + script], {
    cwd: join(PACKAGE_ROOT, 'docs', 'examples'),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    timeout: 60_000,
  });
  return stdout + stderr;
}
const made = process.platform === 'linux' && inNamespace('echo made') === 'made\n';
const inside = made ? test : test.skip;
const why = made ? '' : ' (skipped: unshare(1), mount(8) and ip(8) make no network here)';

describe('an example in a network of its own', () => {
  inside(`ping: a reply from loopback where the group may, and the hint where it may not${why}`, () => {
    const told = inNamespace(`node ping.mjs; echo 0 0 >/proc/sys/net/ipv4/ping_group_range; node ping.mjs`);
    expect(told).toMatch(
      /^socket EACCES: .*ping_group_range.*\n(64 bytes from 127.0.0.1: sequence \d, \d.\d+ ms\n){3}$/,
    );
  });

  inside(`traceroute: the router, then the host behind it${why}`, () => {
    const network = `
      ip netns add router; ip netns add host
      ip link add a0 type veth peer name r0 netns router
      ip -n router link add r1 type veth peer name h0 netns host
      ip addr add 10.0.1.1/24 dev a0; ip link set a0 up; ip route add default via 10.0.1.2
      ip -n router addr add 10.0.1.2/24 dev r0; ip -n router link set r0 up
      ip -n router addr add 10.0.2.2/24 dev r1; ip -n router link set r1 up
      ip -n host addr add 10.0.2.3/24 dev h0; ip -n host link set h0 up; ip -n host route add default via 10.0.2.2
      ip netns exec router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
      node traceroute.mjs 10.0.2.3`;
    expect(inNamespace(network)).toBe(' 1 10.0.1.2\n 2 10.0.2.3\n');
  });

  inside(`mdns-query: what a responder in the group answers${why}`, () => {
    // The answer's name points back to the question's; its record is "printer" and a pointer to the question's "local".
    const responder = `
      import * as s from 'bsd-sockets';
      const fd = s.socket(s.AF_INET, s.SOCK_DGRAM);
      s.bind(fd, { family: 'IPv4', address: '0.0.0.0', port: 5353 });
      s.joinGroup(fd, '224.0.0.251', { interface: 'lo' });
      console.log('joined');
      const query = Buffer.alloc(1500);
      const { bytesRead, address } = s.recvfrom(fd, query);
      const head = Buffer.from(query.subarray(0, bytesRead));
      head.writeUInt16BE(0x8400, 2);
      head.writeUInt16BE(1, 6);
      const data = Buffer.from([7, ...Buffer.from('printer'), 0xc0, 12 + 6]);
      const record = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, data.length]);
      s.sendto(fd, Buffer.concat([head, record, data]), 0, address);`;
    const told = inNamespace(`
      mkfifo /run/joined
      node --input-type=module -e "${responder.replaceAll('$', '\\$')}" >/run/joined &
      read joined </run/joined
      node mdns-query.mjs _http.local lo`);
    expect(told).toMatch(/^printer.local \(127.0.0.1\)\n1 answers within a second to _http.local\n$/);
  });

  inside(`link-monitor --watch: the list, then each change${why}`, () => {
    const told = inNamespace(`
      mkfifo /run/told
      node link-monitor.mjs --watch >/run/told &
      trap "kill $!" EXIT
      while read line; do
        echo "$line"
        case "$line" in
          waiting*) ip link add blue type veth peer name green ;;
          *blue\\ down*) ip link del blue ;;
          *blue\\ gone*) break ;;
        esac
      done </run/told`);
    const [lo, waiting, ...changes] = told.trim().split('\n');
    expect([lo, waiting]).toEqual(['1: lo up, MTU 65536', 'waiting for changes; Ctrl-C ends']);
    expect(changes).toContainEqual(expect.stringMatching(/^\d+: blue down, MTU 1500$/));
    expect(changes.at(-1)).toMatch(/^\d+: blue gone/);
  });
});
