import { expect, it } from 'vitest';
import { MOST_UNREAD } from '../../../src/cli/output/output.ts';
import { areRead, CarefulOutput } from '../../../src/cli/process/careful-output.ts';
import type { AtcomError } from '../../../src/errors.ts';

const read = { flush: async () => undefined };
const unread = { flush: () => new Promise<void>(() => undefined) };

it('output that is read is waited for, and for nothing else', async () => {
  expect(await areRead([read, read], new AbortController().signal)).toBe(true);
  expect(await areRead([read, read], AbortSignal.abort())).toBe(true);
});

it('output that nobody reads is not waited for after a signal, whenever that comes', async () => {
  expect(await areRead([read, unread], AbortSignal.abort())).toBe(false);
  const stop = new AbortController();
  const ended = areRead([unread, read], stop.signal);
  stop.abort();
  expect(await ended).toBe(false);
});

it('output that nobody reads does not grow in memory, but is an error', () => {
  const written: string[] = [];
  const stream = {
    writableLength: 0,
    on: () => stream,
    write(text: string) {
      written.push(text);
      stream.writableLength += text.length;
      return false;
    },
  };
  const errors: AtcomError[] = [];
  const output = new CarefulOutput(
    () => stream as unknown as NodeJS.WriteStream,
    (error) => errors.push(error),
  );
  output.write('a'.repeat(MOST_UNREAD));
  output.write('b');
  expect(errors).toEqual([]);
  output.write('c');
  expect(written).toHaveLength(2);
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('has stopped reading')]);
});
