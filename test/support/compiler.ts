/** A C compiler, for the test's own programs. */
import { execFileSync, spawnSync } from 'node:child_process';

const COMPILERS = ['cc', 'gcc', 'c++', 'g++']; // the C programs are C++ too

/** Compiles the C file or files `source` to `program`. */
export function compileFile(source: string | readonly string[], program: string): void {
  const compiler = COMPILERS.find((candidate) => spawnSync(candidate, ['--version']).status === 0);
  if (compiler === undefined) throw new Error(`there is no C compiler: ${COMPILERS.join(', ')}`);
  execFileSync(compiler, ['-Wall', '-Wextra', '-Werror', '-o', program, ...[source].flat()], { timeout: 60_000 });
}
