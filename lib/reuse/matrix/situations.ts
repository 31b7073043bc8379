/** Every situation of the matrix: what is on the port, how it is made, and what is bound beside it. */
import type { Protocol } from '../../doctor/kernel/inet-diag.js';
import { setsockopt, shutdown, SHUT_WR, SO_REUSEADDR, SOL_SOCKET } from '../../index.js';
import type { TcpState } from '../../doctor/kernel/observe.js';
import { ALL_FLAGS, type Flags } from '../../doctor/kernel/observation.js';
import type { MatrixRow } from './matrix.js';
import { awaitEnd, LOOPBACK, type Place, type Scene } from './scene.js';

/** A new socket that is tried. */
export interface Wanted {
  readonly place: Place;
  readonly flags: Flags;
}

/** What is on a port, and what is tried beside it. */
export interface Situation {
  readonly group: MatrixRow['group'];
  readonly existing: string;
  readonly existingFlags: Flags;
  readonly protocol: Protocol;
  readonly place: Place;
  /** Puts it on the port. */
  readonly make: (scene: Scene, port: number) => void;
  /** The states of the sockets that are on the port then: for the model, and for the kernel's list to confirm. */
  readonly states: readonly TcpState[];
  /** Does no process hold them any more? */
  readonly orphan?: boolean;
  /** The flags of those sockets; left out: `existingFlags`. */
  readonly flagsThen?: Flags;
  /** Between bind and listen of the new socket the old one, the first of the scene, listens. */
  readonly listensMeanwhile?: boolean;
  readonly wanted: readonly Wanted[];
}

/** A server that listens. */
function serve(scene: Scene, port: number, flags: Flags): number {
  return scene.listening(LOOPBACK, flags, port);
}

/** A connection whose listener is gone. */
function apart(scene: Scene, port: number, flags: Flags): { client: number; server: number } {
  const listener = serve(scene, port, flags);
  const ends = scene.connected(listener);
  scene.close(listener);
  return ends;
}

/** One end closes; when the other has heard of it, it closes too. TIME_WAIT is with the first. */
function finish(scene: Scene, first: number, second: number): void {
  scene.close(first);
  awaitEnd(second);
  scene.close(second);
}

const ORPHAN = 'FIN_WAIT2 orphan';

type Make = (scene: Scene, port: number, flags: Flags) => void;

/** The existing states of the issue, in the order of the table. */
const STATES: readonly (readonly [existing: string, states: readonly TcpState[], make: Make])[] = [
  ['bound only', ['CLOSE'], (scene, port, flags) => void scene.bound(LOOPBACK, 'tcp', flags, port)],
  ['LISTEN', ['LISTEN'], serve],
  [
    'LISTEN with TIME_WAIT',
    ['LISTEN', 'TIME_WAIT'],
    (scene, port, flags) => {
      const { client, server } = scene.connected(serve(scene, port, flags));
      finish(scene, server, client);
    },
  ],
  ['ESTABLISHED, no listener', ['ESTABLISHED'], (scene, port, flags) => void apart(scene, port, flags)],
  [
    'FIN_WAIT2',
    ['FIN_WAIT2'],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      shutdown(server, SHUT_WR);
      awaitEnd(client);
    },
  ],
  [
    ORPHAN,
    ['FIN_WAIT2'],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      scene.close(server);
      awaitEnd(client);
    },
  ],
  [
    'CLOSE_WAIT',
    ['CLOSE_WAIT'],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      scene.close(client);
      awaitEnd(server);
    },
  ],
  [
    'TIME_WAIT',
    ['TIME_WAIT'],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      finish(scene, server, client);
    },
  ],
  [
    'closed by the client first',
    [],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      finish(scene, client, server);
    },
  ],
  [
    'reset',
    [],
    (scene, port, flags) => {
      const { client, server } = apart(scene, port, flags);
      scene.reset(client);
      awaitEnd(server);
      scene.close(server);
    },
  ],
];

const everyFlags = (place: Place): readonly Wanted[] => ALL_FLAGS.map((flags) => ({ place, flags }));

/** The states of a TCP socket, with all flags: 160 cells. */
export function stateSituations(): Situation[] {
  return STATES.flatMap(([existing, states, make]) =>
    ALL_FLAGS.map((flags): Situation => ({
      group: 'states',
      existing,
      existingFlags: flags,
      protocol: 'tcp',
      place: LOOPBACK,
      make: (scene, port) => {
        make(scene, port, flags);
      },
      states,
      wanted: everyFlags(LOOPBACK),
    })),
  );
}

/**
 * A listener at each address, and a bind of its port at each: 49 cells for no flags, and as many for each flag on
 * both sockets. Flags on one of them only are no news: the table of states has them.
 */
export function addressSituations(places: readonly Place[]): Situation[] {
  const flagsOfBoth: readonly Flags[] = ['none', 'reuseaddr', 'reuseport'];
  return flagsOfBoth.flatMap((flags) =>
    places.map((place): Situation => ({
      group: 'addresses',
      existing: 'LISTEN',
      existingFlags: flags,
      protocol: 'tcp',
      place,
      make: (scene, port) => void scene.listening(place, flags, port),
      states: ['LISTEN'],
      wanted: places.map((other) => ({ place: other, flags })),
    })),
  );
}

/** What becomes of a flag that is set or cleared late; what listen says; and UDP. */
export function acceptedSituations(): Situation[] {
  return [...lateFlags(), ...bothBound(), ...udp()];
}

function lateFlags(): Situation[] {
  const late = (existing: string, first: Flags, then: Flags, make: Situation['make']): Situation => ({
    group: 'accepted',
    existing: `TIME_WAIT, SO_REUSEADDR ${existing}`,
    existingFlags: first,
    flagsThen: then,
    protocol: 'tcp',
    place: LOOPBACK,
    make,
    states: ['TIME_WAIT'],
    wanted: everyFlags(LOOPBACK),
  });
  const onAccepted =
    (flags: Flags): Situation['make'] =>
    (scene, port) => {
      const { client, server } = apart(scene, port, flags);
      setsockopt(server, SOL_SOCKET, SO_REUSEADDR, flags === 'none');
      finish(scene, server, client);
    };
  return [
    late('set on the accepted socket', 'none', 'reuseaddr', onAccepted('none')),
    late('cleared on the accepted socket', 'reuseaddr', 'none', onAccepted('reuseaddr')),
    late('set on the server after listen()', 'none', 'reuseaddr', (scene, port) => {
      const listener = serve(scene, port, 'none');
      setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, true);
      const { client, server } = scene.connected(listener);
      scene.close(listener);
      finish(scene, server, client);
    }),
  ];
}

/** The old socket listens between bind and listen of the new one, which changes it: once for each new socket. */
function bothBound(): Situation[] {
  return everyFlags(LOOPBACK).map((wanted) => ({
    group: 'accepted',
    existing: 'bound only, but it listens before the new one does',
    existingFlags: 'reuseaddr',
    protocol: 'tcp',
    place: LOOPBACK,
    make: (scene, port) => void scene.bound(LOOPBACK, 'tcp', 'reuseaddr', port),
    states: ['CLOSE'],
    listensMeanwhile: true,
    wanted: [wanted],
  }));
}

function udp(): Situation[] {
  const bound = (existing: string, flags: Flags, then: Flags): Situation => ({
    group: 'accepted',
    existing,
    existingFlags: flags,
    flagsThen: then,
    protocol: 'udp',
    place: LOOPBACK,
    make: (scene, port) => {
      const fd = scene.bound(LOOPBACK, 'udp', flags, port);
      if (then !== flags) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, true);
    },
    states: ['CLOSE'],
    wanted: everyFlags(LOOPBACK),
  });
  return [
    ...ALL_FLAGS.map((flags) => bound('UDP bound', flags, flags)),
    bound('UDP bound, SO_REUSEADDR set after bind()', 'none', 'reuseaddr'),
  ];
}
