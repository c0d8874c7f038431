import { expect, it } from 'vitest';
import { LineCounter } from 'yaml';
import { parseText } from '../../src/yaml/parse.ts';

it('the errors of a broken file, of which it can have one for every character, have no stacks', () => {
  const before = Error.stackTraceLimit;
  const document = parseText(`[${','.repeat(1000)}]`, new LineCounter());
  const errors = 'errors' in document ? document.errors : [];
  expect(errors).toHaveLength(1000);
  expect(errors.filter(({ stack = '' }) => /^ +at /m.test(stack))).toEqual([]);
  expect(Error.stackTraceLimit).toBe(before);
});
