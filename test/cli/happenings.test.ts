import { expect, it } from 'vitest';
import { MOST_UNREAD, Output } from '../../src/cli/output/output.ts';
import { printHappenings } from '../../src/cli/sim/happenings.ts';

it('what happens faster than its reader reads is dropped, and told', () => {
  const written: string[] = [];
  const told: string[] = [];
  const stdout = { writableLength: 0, write: (text: string) => written.push(text) };
  const stderr = { write: (text: string) => told.push(text) };
  const paint = (_: unknown, text: string) => text;
  const output = new Output({ stdout, stderr }, { json: true, quiet: false, color: 'never' }, [paint, paint]);
  const print = printHappenings({ output, stdout });
  const pressed = { phone: '6001', kind: 'hold' } as Parameters<typeof print>[0];
  print(pressed);
  stdout.writableLength = MOST_UNREAD + 1;
  for (let more = 0; more < 3; more += 1) print(pressed);
  expect(written).toHaveLength(1);
  expect(told).toEqual([expect.stringContaining('output: lost, because too many lines wait for its reader')]);
});
