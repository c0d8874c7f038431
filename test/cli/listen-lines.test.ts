import { expect, it } from 'vitest';
import { lineSink } from '../../src/cli/listen/sinks/lines.ts';
import type { Taken } from '../../src/cli/listen/sinks/sink.ts';
import { MOST_UNREAD, Output } from '../../src/cli/output/output.ts';

const EVENT = { event: { event: 'hold', phone: 'lobby' }, json: '{"event":"hold"}' } as Taken;

it('events that no reader takes are dropped, told at once, and counted', async () => {
  let written = '';
  const stdout = {
    writableLength: 0,
    write: (text: string) => {
      written += text;
    },
  };
  const paint = (_: unknown, text: string) => text;
  const output = new Output({ stdout, stderr: stdout }, { json: true, quiet: false, color: 'never' }, [
    paint,
    paint,
  ]);
  const told: string[] = [];
  const sink = lineSink(
    output,
    stdout,
    () => '',
    (_, text) => told.push(text),
  );
  sink.take(EVENT);
  await sink.drain();
  expect([written, told, sink.complaint()]).toEqual([`${EVENT.json}\n`, [], undefined]);
  stdout.writableLength = MOST_UNREAD + 1;
  sink.take(EVENT);
  await sink.drain();
  expect(written).toBe(`${EVENT.json}\n`);
  expect(told).toEqual(['output: lost, because too many lines wait for its reader']);
  expect(sink.complaint()).toBe('output: 1 lost');
});
