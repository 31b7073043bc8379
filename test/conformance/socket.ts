/** socket(2) and socketpair(2). */
import * as s from 'bsd-sockets';
import { closing } from '../support/sockets.js';
import { outcome, type Case } from './case.js';
import { flagsOf, has, open, v6 } from './endpoints.js';
import { NEEDS_IPV6 } from './fixtures.js';
import { AS_NOBODY, FEW_DESCRIPTORS, lines } from './processes.js';

const { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM } = s;
const PF_UNIX = AF_UNIX;
const NO_TYPE = 0;

const made = (domain: number, type: number, protocol = 0): string =>
  outcome(() => closing(s.socket(domain, type, protocol)));

const paired = (domain: number, type: number, protocol = 0): string =>
  outcome(() => s.socketpair(domain, type, protocol).map(closing));

/** No flag, close-on-exec, non-blocking, both. */
const flagSets = (): number[] => {
  const [cloexec, nonblock] = [has(s.SOCK_CLOEXEC), has(s.SOCK_NONBLOCK)];
  return [0, cloexec, nonblock, cloexec | nonblock];
};

export const socketCases: Case[] = [
  { id: 'SOCK-01', what: 'family 0 has no sockets', run: () => made(0, SOCK_STREAM), expected: 'EAFNOSUPPORT' },
  { id: 'SOCK-02', what: 'a type out of range', run: () => made(AF_INET, 75), expected: 'EINVAL' },
  {
    id: 'SOCK-04',
    what: 'a raw socket needs a protocol, for root too',
    run: () => made(AF_INET, SOCK_RAW),
    expected: 'EPROTONOSUPPORT',
  },
  { id: 'SOCK-08', what: 'TCP by name', run: () => made(AF_INET, SOCK_STREAM, s.IPPROTO_TCP), expected: 'ok' },
  {
    id: 'SOCK-10',
    what: 'the number after the last family',
    run: () => made(has(s.AF_MAX), NO_TYPE),
    expected: 'EAFNOSUPPORT',
  },
  {
    id: 'SOCK-11',
    what: 'a raw socket for an ordinary user',
    run: () => lines(`${AS_NOBODY} say(() => s.socket(s.AF_INET, s.SOCK_RAW, s.IPPROTO_ICMP));`),
    expected: ['EPERM'],
  },
  {
    id: 'SOCK-13',
    what: 'SOCK_CLOEXEC and SOCK_NONBLOCK set their flags',
    run: () =>
      flagSets().map((flags) => {
        const { cloexec, nonblock } = flagsOf(closing(s.socket(AF_INET, SOCK_STREAM | flags)));
        return [cloexec, nonblock];
      }),
    expected: [
      [true, false],
      [true, false],
      [true, true],
      [true, true],
    ],
    differs: 'every descriptor is close-on-exec here, asked for or not',
  },
  {
    id: 'SOCK-14',
    what: 'unix sockets take their own family as protocol',
    run: () => [SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET].map((type) => made(AF_UNIX, type, PF_UNIX)),
    expected: ['ok', 'ok', 'ok'],
  },
  {
    id: 'SOCK-16',
    what: 'type 0 is no type of any family',
    run: () => [AF_INET, AF_INET6, AF_UNIX].map((domain) => made(domain, NO_TYPE)),
    expected: ['ESOCKTNOSUPPORT', 'ESOCKTNOSUPPORT', 'ESOCKTNOSUPPORT'],
  },
  {
    id: 'SOCK-17',
    what: 'families that cannot be',
    run: () => [8675309, -1].map((domain) => made(domain, SOCK_STREAM)),
    expected: ['EAFNOSUPPORT', 'EAFNOSUPPORT'],
  },
  {
    id: 'SOCK-18',
    what: 'no descriptor is left: socket, then socketpair with room for one, which keeps none',
    run: () =>
      lines(
        `const fds = [];
        let code;
        while (code === undefined) code = said(() => void fds.push(tcp()));
        console.log(code);
        s.close(fds.pop());
        say(() => s.socketpair(s.AF_UNIX, s.SOCK_STREAM));
        say(() => void tcp());`,
        FEW_DESCRIPTORS,
      ),
    expected: ['EMFILE', 'EMFILE', 'ok'],
  },
  {
    id: 'SOCK-19',
    what: 'SO_TYPE tells the type without its flags',
    run: () => {
      const fd = closing(s.socket(AF_INET, SOCK_STREAM | has(s.SOCK_NONBLOCK) | has(s.SOCK_CLOEXEC)));
      return s.getsockopt(fd, s.SOL_SOCKET, s.SO_TYPE);
    },
    expected: SOCK_STREAM,
  },
  {
    id: 'SOCK-20',
    what: 'SO_DOMAIN and SO_PROTOCOL tell what the kernel chose',
    run: () => {
      const fd = open(v6());
      return [has(s.SO_DOMAIN), has(s.SO_PROTOCOL)].map((option) => s.getsockopt(fd, s.SOL_SOCKET, option));
    },
    expected: [AF_INET6, s.IPPROTO_TCP],
    skip: NEEDS_IPV6,
  },
];

export const socketpairCases: Case[] = [
  { id: 'SPAIR-01', what: 'family 0', run: () => paired(0, SOCK_STREAM), expected: 'EAFNOSUPPORT' },
  { id: 'SPAIR-03', what: 'unix datagrams', run: () => paired(AF_UNIX, SOCK_DGRAM), expected: 'ok' },
  {
    id: 'SPAIR-05',
    what: 'UDP has sockets but no pairs',
    run: () => paired(AF_INET, SOCK_DGRAM, s.IPPROTO_UDP),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'SPAIR-06',
    what: 'TCP carries no datagrams',
    run: () => paired(AF_INET, SOCK_DGRAM, s.IPPROTO_TCP),
    expected: 'EPROTONOSUPPORT',
  },
  {
    id: 'SPAIR-07',
    what: 'TCP has no pairs',
    run: () => paired(AF_INET, SOCK_STREAM, s.IPPROTO_TCP),
    expected: 'EOPNOTSUPP',
  },
  {
    id: 'SPAIR-08',
    what: 'ICMP is no stream',
    run: () => paired(AF_INET, SOCK_STREAM, s.IPPROTO_ICMP),
    expected: 'EPROTONOSUPPORT',
  },
  { id: 'SPAIR-09', what: 'type 0', run: () => paired(AF_INET6, NO_TYPE), expected: 'ESOCKTNOSUPPORT' },
  {
    id: 'SPAIR-12',
    what: 'the flags are for both ends',
    run: () =>
      flagSets().map((flags) => {
        const both = s.socketpair(AF_UNIX, SOCK_STREAM | flags).map((fd) => flagsOf(closing(fd)));
        return [...both.map(({ cloexec }) => cloexec), ...both.map(({ nonblock }) => nonblock)];
      }),
    expected: [
      [true, true, false, false],
      [true, true, false, false],
      [true, true, true, true],
      [true, true, true, true],
    ],
    differs: 'every descriptor is close-on-exec here, asked for or not',
  },
  {
    id: 'SPAIR-13',
    what: 'neither end of a pair has a name',
    run: () =>
      s
        .socketpair(AF_UNIX, SOCK_STREAM)
        .map(closing)
        .flatMap((fd) => [s.getsockname(fd), s.getpeername(fd)]),
    expected: Array(4).fill({ family: 'Unix', path: '' }),
  },
];
