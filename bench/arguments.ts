/** Numbers of the command line. */
import { InvalidArgumentError } from 'commander';

/** How often, or how many. */
export function count(value: string): number {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('A whole number from 1 on.');
  return Number(value);
}

/** How long. */
export function seconds(value: string): number {
  if (!(Number(value) > 0)) throw new InvalidArgumentError('A number of seconds.');
  return Number(value);
}
