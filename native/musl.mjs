// How a g++ that is made for glibc compiles for musl, which Alpine has: with the headers of musl in place of glibc's, and the
// kernel's. It leaves the C++ library to the system: every Node there has brought libstdc++.so.6.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from './compile.mjs';

/** Is this system one with musl? */
export const isMusl = () =>
  process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;

/**
 * The flags and libraries for musl.
 *
 * @param {string} compiler - a g++ for glibc
 * @param {string} triple - `x86_64-linux-musl`: the folder of musl's headers and its library
 * @returns {{ flags: string[], libraries: string[] } | undefined} undefined where there is no musl
 */
export function muslOptions(compiler, triple) {
  const musl = join('/usr/include', triple);
  if (!existsSync(musl)) return undefined;
  const folders = searched(compiler);
  const cxx = folders.filter((folder) => folder.includes('/c++/'));
  const own = folders.filter((folder) => /\/gcc(-cross)?\/.*\/include$/.test(folder));
  const system = [...cxx, musl, ...own, kernelHeaders(triple, folders)].flatMap((folder) => ['-isystem', folder]);
  // Those of arm64 would ask glibc by a name of its own what the processor can do.
  const atomics = triple.startsWith('aarch64') ? ['-mno-outline-atomics'] : [];
  return {
    flags: ['-nostdinc', '-nostdlib', '-include', join('native', 'musl.h'), ...system, ...atomics],
    libraries: [`-L/usr/lib/${triple}`, '-Wl,--no-as-needed', '-lc', '-lstdc++', '-lgcc'],
  };
}

/** Where the compiler looks for headers. */
function searched(compiler) {
  const { stderr } = spawnSync(compiler, ['-E', '-v', '-x', 'c++', '/dev/null'], { encoding: 'utf8' });
  const [, list = ''] =
    /search starts here:\n([^]*?)\nEnd of search list/.exec(stderr.replace(/^#include ".*\n/m, '')) ?? [];
  return list.split('\n').map((line) => resolve(line.trim()));
}

/** A folder with what the kernel has, and nothing of glibc's beside it. */
function kernelHeaders(triple, folders) {
  const out = join(ROOT, 'build', triple);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const name of ['linux', 'asm', 'asm-generic']) {
    const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
    if (found !== undefined) symlinkSync(found, join(out, name));
  }
  return out;
}
