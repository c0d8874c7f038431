import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, ROOT, run } from './run.ts';

/**
 * Compiles files as a user of the installed package would: strictly, against the built declarations.
 *
 * @param project - a folder to create for it
 * @param paths - paths of modules that Node would not find
 */
export function compile(
  project: string,
  include: readonly string[],
  paths: Readonly<Record<string, readonly string[]>> = {},
): Promise<Ended> {
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    paths,
  };
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  return run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
}

/** Runs the tests of a folder. */
export function vitest(root: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const program = join(ROOT, 'node_modules/vitest/vitest.mjs');
  return run(process.execPath, [program, 'run', '--root', root], {
    env: { ...env, NO_COLOR: '1' },
    cwd: root,
  });
}
