/** The table of the case `why`, 80 columns wide. Pure. */
import { WHY_CASE, type Name, type Port, type WhyComparison } from './rounds.js';

const TITLES: Readonly<Record<Name, string>> = {
  ss: "ss -tan 'sport = :PORT'",
  api: 'why(PORT), in a running program',
  cli: 'bsd-sockets why PORT',
  node: 'node -e 0: nothing but its start',
};

const PORT_TITLES: Readonly<Record<Port, string>> = {
  crowded: 'on the port that has them all',
  empty: 'on a port that nobody has',
};

/** A heading, and for each port a line for everybody, and the goals. */
export function whySection(comparisons: readonly WhyComparison[], rounds: number): string {
  return [
    `${WHY_CASE.name}: ${WHY_CASE.title}`,
    `  median of ${String(rounds)} rounds; multiples of ss's time in the same round: median (min–max)`,
    ...comparisons.flatMap(({ port, standings, verdicts }) => [
      `  ${PORT_TITLES[port]}:`,
      ...standings.map(({ name, ms, ofSs }) => {
        const multiple = `${ofSs.median.toFixed(2)} (${ofSs.min.toFixed(2)}–${ofSs.max.toFixed(2)})`;
        return `    ${TITLES[name].padEnd(34)}${ms.median.toFixed(1).padStart(7)} ms   ${multiple}`;
      }),
      ...verdicts.map(({ name, most, reached, met }) => {
        return `    ${met ? '✓' : '✗'} ${reached.toFixed(2)}: ${TITLES[name]}, at most ${most.toFixed(2)}`;
      }),
    ]),
  ].join('\n');
}
