import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './run.ts';

interface Row {
  readonly file: string;
  readonly guard: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}

const { ROWS }: { readonly ROWS: readonly Row[] } = await import(join(ROOT, 'scripts/mutants/rows.mjs'));

// npm run mutants does the rest, and breaks them.
it.each(ROWS)('$file: $guard', ({ file, guard, find, replace, tests }) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  expect(text.split(find).length - 1, `${find}\nstands in ${file} once`).toBe(1);
  expect(replace).not.toBe(find);
  expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([]);
  expect(ROWS.filter((row) => row.file === file && row.guard === guard)).toHaveLength(1);
});
