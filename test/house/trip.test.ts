import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './run.ts';

const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The rows of docs/how-a-command-runs.md, in order. */
const STEPS = Array.from(
  text('docs/how-a-command-runs.md').matchAll(/^\| (\d+) +\| `(\w+)` +\| `(src\/[\w./-]+)` +\|/gm),
  ([, step, name = '', file = '']) => ({ step: Number(step), name, file }),
);

describe('the trip of a number', () => {
  it('is numbered without a gap', () => {
    expect(STEPS.length).toBeGreaterThan(20);
    expect(STEPS.map(({ step }) => step)).toEqual(STEPS.map((_, index) => index + 1));
  });

  it.each(STEPS)('step $step: $name is in $file', ({ name, file }) => {
    expect(text(file)).toMatch(new RegExp(`^(export )?(async )?(function|class|const) ${name}\\b`, 'm'));
  });

  // The first one is called by bin/atcom.js.
  it.each(STEPS.slice(1))('step $step: $name is used by a step before it', ({ step, name, file }) => {
    const earlier = STEPS.slice(0, step - 1).map((before) => before.file);
    const users = [...new Set(earlier)].filter((user) => {
      const code = text(user).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const times = code.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
      if (user === file) return times > 1;
      return times > 0 && (code.includes(`/${basename(file)}'`) || code.includes("/index.ts'"));
    });
    expect(users).not.toEqual([]);
  });
});
