import { describe, expect, test } from '@jest/globals';
import * as c from '../lib/constants.js';
import { constantName, flagNames, optionName, tcpStateName } from '../lib/names.js';

describe('constantName', () => {
  test('tells the name of a number among the constants of a prefix', () => {
    expect(constantName('SO_', c.SO_REUSEADDR)).toBe('SO_REUSEADDR');
    expect(constantName('IPPROTO_', c.IPPROTO_TCP)).toBe('IPPROTO_TCP');
    expect(constantName('SHUT_', c.SHUT_WR)).toBe('SHUT_WR');
    expect(constantName('AF_', 8675309)).toBeUndefined();
    expect(constantName('NOTHING_', 1)).toBeUndefined();
  });

  test('tells the usual name where a number has several', () => {
    expect(constantName('AF_', c.AF_UNIX)).toBe('AF_UNIX');
    expect(constantName('SO_', c.SO_RCVTIMEO)).toBe('SO_RCVTIMEO');
    expect(constantName('IPPROTO_', 0)).toBe('IPPROTO_IP');
    expect(constantName('IPV6_', c.IPV6_JOIN_GROUP)).toBe('IPV6_JOIN_GROUP');
  });

  test('keeps what one prefix means apart from what a longer one means', () => {
    if (process.platform !== 'linux') return;
    expect(constantName('SO_', 0)).toBeUndefined(); // SO_EE_ORIGIN_NONE is no option
    expect(constantName('SO_EE_ORIGIN_', c.SO_EE_ORIGIN_ICMP)).toBe('SO_EE_ORIGIN_ICMP');
    expect(constantName('IP_PMTUDISC_', c.IP_PMTUDISC_DO)).toBe('IP_PMTUDISC_DO');
    expect(constantName('SO_VM_SOCKETS_', c.SO_VM_SOCKETS_BUFFER_SIZE)).toBe('SO_VM_SOCKETS_BUFFER_SIZE');
    expect(constantName('TCP_CA_', c.TCP_CA_Loss)).toBe('TCP_CA_Loss');
  });
});

describe('flagNames', () => {
  test('tells the flags in a number, lowest bit first', () => {
    const flags = c.MSG_DONTWAIT | c.MSG_PEEK;
    const lowFirst = c.MSG_PEEK < c.MSG_DONTWAIT ? ['MSG_PEEK', 'MSG_DONTWAIT'] : ['MSG_DONTWAIT', 'MSG_PEEK'];
    expect(flagNames('MSG_', flags)).toEqual(lowFirst);
    expect(flagNames('POLL', c.POLLIN | c.POLLHUP)).toEqual(['POLLIN', 'POLLHUP']);
    expect(flagNames('MSG_', 0)).toEqual([]);
  });

  test('tells bits without a name as one hexadecimal number', () => {
    expect(flagNames('SHUT_', 0x7000)).toEqual(['0x7000']);
    expect(flagNames('NOTHING_', -1)).toEqual(['0xffffffff']);
  });
});

describe('optionName', () => {
  test('tells an option by its level', () => {
    expect(optionName(c.SOL_SOCKET, c.SO_KEEPALIVE)).toBe('SO_KEEPALIVE');
    expect(optionName(c.IPPROTO_TCP, c.TCP_NODELAY)).toBe('TCP_NODELAY');
    expect(optionName(c.IPPROTO_IP, c.IP_TTL)).toBe('IP_TTL');
    expect(optionName(c.IPPROTO_IPV6, c.IPV6_V6ONLY)).toBe('IPV6_V6ONLY');
    expect(optionName(c.IPPROTO_IP, c.MCAST_JOIN_GROUP)).toBe('MCAST_JOIN_GROUP');
    expect(optionName(c.IPPROTO_IPV6, c.MCAST_JOIN_GROUP)).toBe('MCAST_JOIN_GROUP');
    expect(optionName(c.IPPROTO_TCP, 4000)).toBeUndefined();
    expect(optionName(4000, 1)).toBeUndefined();
  });
});

describe('tcpStateName', () => {
  test('tells a state, not the option of the same number', () => {
    if (process.platform !== 'linux') return;
    expect([1, 6, 10, 12].map(tcpStateName)).toEqual(['TCP_ESTABLISHED', 'TCP_TIME_WAIT', 'TCP_LISTEN', undefined]);
  });
});
