/** For what nobody tells: the end of a stranger's process, a line of the kernel's list. */

/** Looks again and again until the condition holds; jest's own timeout ends a wait that is in vain. */
export async function until(condition: () => boolean): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- it looks again: nothing is taken for done because time has passed
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
