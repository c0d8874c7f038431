import { isBehind, type Output, type Paint, type Writable } from '../../output/output.ts';
import { gather } from './gather.ts';
import type { Complain, Sink, Taken } from './sink.ts';

/** Prints events: a readable line on a terminal, otherwise (or with `--json`) a line of JSON. */
export function lineSink(
  output: Output,
  stdout: Writable,
  textOf: (taken: Taken, paint: Paint) => string,
  complain: Complain,
): Sink {
  const readable = stdout.isTTY === true && !output.json;
  let lost = 0;
  const lines = gather<Taken>((items) => {
    // What a slow reader of the pipe has not consumed stays in memory.
    if (isBehind(stdout)) {
      lost += items.length;
      complain('output lost', 'output: lost, because too many lines wait for its reader');
    } else output.lines(items, (taken, paint) => (readable ? textOf(taken, paint) : taken.json));
  });
  return {
    ...lines,
    stop: () => undefined,
    complaint: () => (lost === 0 ? undefined : `output: ${lost} lost`),
  };
}
