import { expect, it } from 'vitest';
import { tellRefusals } from '../../src/cli/listen/refusals.ts';
import { lineSink } from '../../src/cli/listen/sinks/lines.ts';
import type { Taken } from '../../src/cli/listen/sinks/sink.ts';
import { MOST_UNREAD, Output } from '../../src/cli/output/output.ts';
import { EventHub } from '../../src/receiver/index.ts';

const EVENT = { event: { event: 'hold', phone: 'lobby' }, json: '{"event":"hold"}' } as Taken;

/** An output whose reader may be behind, and what was written to it. */
function slowly() {
  const written: string[] = [];
  const stdout = { writableLength: 0, write: (text: string) => written.push(text) };
  const paint = (_: unknown, text: string) => text;
  const options = { json: true, quiet: false, color: 'never' } as const;
  return { written, stdout, output: new Output({ stdout, stderr: stdout }, options, [paint, paint]) };
}

it('events that no reader takes are dropped, told at once, and counted', async () => {
  const { written, stdout, output } = slowly();
  const told: string[] = [];
  const sink = lineSink(
    output,
    stdout,
    () => '',
    (_, text) => told.push(text),
  );
  sink.take(EVENT);
  await sink.drain();
  expect([written, told, sink.complaint()]).toEqual([[`${EVENT.json}\n`], [], undefined]);
  stdout.writableLength = MOST_UNREAD + 1;
  sink.take(EVENT);
  await sink.drain();
  expect(written).toHaveLength(1);
  expect(told).toEqual(['output: lost, because too many lines wait for its reader']);
  expect(sink.complaint()).toBe('output: 1 lost');
});

it('a refusal that no reader takes is a warning, and ends nothing', () => {
  const { written, stdout, output } = slowly();
  const hub = new EventHub();
  const warned: string[] = [];
  tellRefusals(hub, output, stdout, (text) => warned.push(text));
  const refuse = (path: string) =>
    hub.refuse({ time: '', refused: 'unknown-event', source: '127.0.0.1', path }, '127.0.0.1');
  refuse('/a');
  stdout.writableLength = MOST_UNREAD + 1;
  refuse('/b');
  expect(written).toEqual([expect.stringContaining('"path":"/a"')]);
  expect(warned).toEqual([expect.stringContaining('/b')]);
});
