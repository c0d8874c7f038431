import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/yaml/document.ts';

// What is large is read, what is too large is refused, and neither takes the square of its size: then these would not
// end in time.

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Where the first problem is, and which. */
function problemOf(text: string): string | undefined {
  const document = readDocument(text);
  const [problem] = document.problems;
  if (problem === undefined) return undefined;
  const { line, col } = document.position(problem);
  return `${line}:${col} ${problem.message}`;
}

describe('nesting', { timeout: 60_000 }, () => {
  const shapes: readonly [name: string, make: (depth: number) => string][] = [
    ['lists in lists', (depth) => `${'- '.repeat(depth)}a`],
    ['lists in brackets', (depth) => '['.repeat(depth) + ']'.repeat(depth)],
    ['lists that are never closed', (depth) => '['.repeat(depth)],
    ['settings in settings', (depth) => lines(depth, (index) => `${' '.repeat(index)}a:\n`)],
    ['settings in braces', (depth) => '{a: '.repeat(depth) + '}'.repeat(depth)],
    ['names of names', (depth) => '? '.repeat(depth)],
    ['names in brackets', (depth) => `${'? ['.repeat(depth)}`],
  ];
  it.each(shapes)('of %s is refused, and ends nothing else', (_, make) => {
    for (const depth of [101, 1000, 2000]) {
      expect(problemOf(make(depth))).toMatch(/^\d+:\d+ it is nested too deeply$/);
    }
  });

  it.each(shapes.slice(0, 5))('of %s is read where people might write it', (_, make) => {
    for (const depth of [1, 50]) expect(problemOf(make(depth)) ?? '').not.toContain('too deeply');
  });

  it('is refused also where the stack of the process would be at its end', () => {
    // Near the end of the stack even a regular expression ends the process.
    for (let depth = 5000; depth <= 20_000; depth += 500)
      expect(problemOf('- '.repeat(depth))).toContain('deeply');
  });
});

describe('entries', { timeout: 60_000 }, () => {
  it('are refused where they would fill the memory', () => {
    expect(problemOf(`x-a: [${'1,'.repeat(2_000_000)}]\n`)).toMatch(/^1:\d+ it has too many entries$/);
  });

  it('may be those of ten thousand phones', () => {
    const phone = (index: number) =>
      `  p${index}: { host: 10.0.0.1, model: A48, extension: "${index}", mac: "80:82:87:00:00:01", timeout: 5s }\n`;
    expect(problemOf(`phones:\n${lines(10_000, phone)}`)).toBeUndefined();
  });
});

describe('names', { timeout: 60_000 }, () => {
  const many = lines(60_000, (index) => `p${index}: 10.0.0.1\n`);

  it('may be very many', () => {
    expect(Object.keys(readDocument(many).value as object)).toHaveLength(60_000);
  });

  it('stand once each, also then', () => {
    expect(problemOf(`${many}p7: 10.0.0.2\n`)).toBe('60001:1 this name occurs twice');
    expect(problemOf(`{${'a: 1, '.repeat(20_000)}}`)).toBe('1:8 this name occurs twice');
  });
});

describe('anchors and aliases', { timeout: 60_000 }, () => {
  const marks = (count: number) => lines(count, (index) => `p${index}: &m${index} { host: 10.0.0.1 }\n`);
  const aliases = (count: number, name = 'm0') => lines(count, (index) => `q${index}: *${name}\n`);

  it('are read where there are as many as anybody writes', () => {
    expect(problemOf(marks(1000) + aliases(9000))).toBeUndefined();
    expect(
      problemOf(marks(1000) + lines(1000, (index) => `r${index}: { <<: *m${index} }\n`)),
    ).toBeUndefined();
  });

  it('are refused where there are more', () => {
    expect(problemOf(marks(1001))).toBe('1001:15 is the 1001st &name of this file, which is too many');
    expect(problemOf(marks(20_000) + aliases(20_000))).toContain('1001st &name');
    // Each of them alone is used often, but not too often.
    const all = marks(2) + aliases(6000) + aliases(6000, 'm1').replaceAll('q', 'r');
    expect(problemOf(all)).toBe('10003:8 is the 10001st *name of this file, which is too many');
  });

  it.each([
    ['of the same', (count: number) => lines(count, (index) => `q${index}: *big\n`)],
    [
      'one of another',
      (count: number) => `b: &b [${'*big, '.repeat(10)}]\nc: [${'*b, '.repeat(count / 10)}]\n`,
    ],
  ])('%s stand for no more than fits', (_, uses) => {
    const big = `big: &big {${lines(999, (index) => `m${index}: OK, `)}}\n`;
    expect(problemOf(big + uses(980))).toBeUndefined();
    expect(problemOf(big + uses(1010))).toContain(
      'is one *name too many: together they expand to too much data',
    );
  });

  it('stand for no more text than fits', () => {
    const uses = (count: number) => lines(count, (index) => `q${index}: *long\n`);
    for (const long of [`long: &long ${'x'.repeat(1000)}\n`, `long: &long { ${'x'.repeat(1000)}: 1 }\n`]) {
      expect(problemOf(long + uses(8000))).toBeUndefined();
      expect(problemOf(long + uses(8500))).toContain('together they expand to too much data');
    }
  });

  it('are followed quickly to thousands of mistakes', () => {
    const places = (text: string, paths: readonly string[][]) => {
      const { position } = readDocument(text);
      return new Set(paths.map((path) => position({ path, message: '' }).line));
    };
    const merged = `a: &a {host: 1}\nb: &b\n${lines(3000, (n) => `  z${n}: 1\n`)}c: {<<: [${'*a, '.repeat(5000)}*b]}\n`;
    const wrong = Array.from({ length: 3000 }, (_, n) => ['c', `z${n}`]);
    expect(places(merged, wrong).size).toBe(3000);
    const steps = `setup: &s\n${lines(9000, () => '  - a: idle\n')}steps: *s\n`;
    const all = Array.from({ length: 9000 }, (_, n) => ['steps', `${n}`, 'a']);
    expect(places(steps, all).size).toBe(9000);
  });
});
