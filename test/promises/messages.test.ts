/** sendmsg and recvmsg: several buffers, and what is passed beside the bytes. */
import { describe, expect, test } from '@jest/globals';
import * as s from 'bsd-sockets';
import { Socket } from 'bsd-sockets/promises';
import { drain, fill, outcome, owned, pair, say, tcpPair, text, turns, udp } from '../support/owned.js';
import { openSockets } from '../support/peers.js';

const rights = (...fds: number[]): s.ControlMessageToSend => ({ level: s.SOL_SOCKET, type: s.SCM_RIGHTS, fds });

describe('descriptors', () => {
  test('are passed to a call that waits, and work', async () => {
    const [socket, peer] = pair();
    const [passed, other] = pair();
    const waiting = socket.recvmsg([Buffer.alloc(1)], { controlLength: s.controlSpace(4) });
    await turns();
    await peer.sendmsg({ buffers: [Buffer.from('x')], control: [rights(passed.fd)] });
    passed.close(); // the one that is under way is another
    const { control } = await waiting;
    const received = owned(Socket.fromFd(control[0]?.fds?.[0] as number));
    const word = text(received);
    await say(other, 'through it');
    expect(await word).toBe('through it');
  });

  test('of a message that waits to be sent are passed when it is sent', async () => {
    const [socket, peer] = pair();
    fill(peer);
    const sending = peer.sendmsg({ buffers: [Buffer.from('x')], control: [rights(peer.fd)] });
    await turns();
    const filled = drain(socket);
    await sending;
    const message = await socket.recvmsg([Buffer.alloc(9)], { controlLength: s.controlSpace(4) });
    expect([filled > 0, message.bytesRead, message.control.length]).toEqual([true, 1, 1]);
    s.close(message.control[0]?.fds?.[0] as number);
  });

  test('for which there is no room are closed, and MSG_CTRUNC says so', async () => {
    const before = openSockets().length;
    const [socket, peer] = Socket.pair(s.AF_UNIX, s.SOCK_STREAM);
    await peer.sendmsg({ buffers: [Buffer.from('x')], control: [rights(socket.fd, peer.fd, socket.fd)] });
    const { control, flags } = await socket.recvmsg([Buffer.alloc(1)], { controlLength: s.controlSpace(4) });
    expect(flags & s.MSG_CTRUNC).toBe(s.MSG_CTRUNC);
    for (const fd of control.flatMap(({ fds }) => fds ?? [])) s.close(fd);
    socket.close();
    peer.close();
    expect(openSockets().length).toBe(before);
  });

  test('that came with an aborted call come with the next', async () => {
    const [socket, peer] = pair();
    const controller = new AbortController();
    const options = { controlLength: s.controlSpace(4) };
    const aborted = outcome(socket.recvmsg([Buffer.alloc(1)], { ...options, signal: controller.signal }));
    await turns();
    s.sendmsg(peer.fd, { buffers: [Buffer.from('x')], control: [rights(peer.fd)] });
    controller.abort('enough');
    const { control } = await socket.recvmsg([Buffer.alloc(1)], options);
    expect([await aborted, control.length]).toEqual(['enough', 1]);
    s.close(control[0]?.fds?.[0] as number);
  });
});

describe('a message', () => {
  test('is gathered from several buffers, and scattered over several', async () => {
    const [socket, peer] = await tcpPair();
    const buffers = [Buffer.alloc(2), Buffer.alloc(0), Buffer.alloc(9)];
    const waiting = socket.recvmsg(buffers);
    await peer.sendmsg({ buffers: [Buffer.from('ab'), Buffer.from('cd'), Buffer.alloc(0), Buffer.from('e')] });
    const { bytesRead } = await waiting;
    expect([bytesRead, Buffer.concat(buffers).toString('latin1', 0, bytesRead)]).toEqual([5, 'abcde']);
  });

  test('of more than 1024 buffers: EMSGSIZE', async () => {
    const [socket, peer] = pair();
    const many = Array.from({ length: 1025 }, () => Buffer.alloc(1));
    await say(peer, 'x');
    expect(await outcome(peer.sendmsg({ buffers: many }))).toBe('EMSGSIZE');
    expect(await outcome(socket.recvmsg(many))).toBe('EMSGSIZE');
    expect(await text(socket)).toBe('x');
  });

  test('is read once: what the caller changes while it waits is not sent', async () => {
    const [socket, peer] = pair(s.SOCK_SEQPACKET);
    fill(peer);
    const message = { buffers: [Buffer.from('as it was')], flags: 0 };
    const sending = peer.sendmsg(message);
    await turns();
    message.buffers = [];
    message.flags = -1;
    drain(socket);
    await sending;
    expect(await text(socket)).toBe('as it was');
  });

  test('carries what was asked for beside the bytes', async () => {
    if (process.platform !== 'linux') return;
    const [socket, peer] = [udp(), udp()];
    socket.setsockopt(s.IPPROTO_IP, s.IP_PKTINFO, true);
    await peer.sendto(Buffer.from('x'), socket.getsockname());
    const { control, address } = await socket.recvmsg([Buffer.alloc(1)], { controlLength: 100 });
    expect(address).toEqual(peer.getsockname());
    expect(control[0]?.pktinfo?.addr).toBe('127.0.0.1');
  });
});
