import { expect, it } from 'vitest';
import { someOf } from '../../../src/errors/some-of.ts';
import { Extent } from '../../../src/scenario/read/extent.ts';
import { Notes } from '../../../src/scenario/read/notes.ts';
import { Roles } from '../../../src/scenario/read/roles.ts';
import { readSteps, type StepContext } from '../../../src/scenario/read/step-reader.ts';
import type { Role } from '../../../src/scenario/scenario.ts';

it('a problem is noted once, and no more than anybody reads', () => {
  const notes = new Notes();
  for (let round = 0; round < 2; round += 1) {
    for (let step = 0; step < 999; step += 1) notes.wrong(['steps', `${step}`], 'is wrong');
    expect([notes.problems.length, notes.isFull]).toEqual([999, false]);
  }
  notes.add([
    { path: [], message: 'a' },
    { path: [], message: 'b' },
  ]);
  expect([notes.problems.length, notes.isFull]).toEqual([1000, true]);
  expect(notes.problems.at(-1)).toEqual({ path: [], message: 'a' });
});

it('the same problem is not heard for ever', () => {
  const notes = new Notes();
  for (let phone = 0; phone < 19_999; phone += 1) notes.wrong([], 'is wrong');
  expect(notes.isFull).toBe(false);
  notes.wrong([], 'is wrong');
  expect([notes.problems.length, notes.isFull]).toEqual([1, true]);
});

it('no step is read where no more problems are noted', async () => {
  const context = { notes: new Notes(), extent: new Extent(), placeOf: () => 1, signal: undefined };
  const read = () => readSteps([{ pause: '1s' }], ['steps'], context as unknown as StepContext);
  expect(await read()).toHaveLength(1);
  for (let step = 0; step < 1000; step += 1) context.notes.wrong(['steps', `${step}`], 'is wrong');
  expect(await read()).toHaveLength(0);
});

it('the number of a phone is found once for a text, however often it is in it', () => {
  const asked: string[] = [];
  class Counted extends Map<string, Role> {
    override get(name: string): Role | undefined {
      asked.push(name);
      return super.get(name);
    }
  }
  const b: Role = { name: 'b', settings: { host: 'virtual-b', extension: '6002' }, virtual: true };
  const roles = new Roles(new Counted([['b', b]]), new Notes(), new Notes(), new Notes());
  const extension = roles.extensions([], []);
  expect([extension('b'), extension('b'), extension('b')]).toEqual(['6002', '6002', '6002']);
  expect(asked).toEqual(['b']);
});

it('a long list of names is cut', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
  expect(someOf(names(1))).toBe('p0');
  expect(someOf(names(10))).toBe('p0, p1, p2, p3, p4, p5, p6, p7, p8, p9');
  expect(someOf(names(1000))).toBe('p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 990 more');
});
