import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { type Draining, refuseToDrain } from '../../../src/cli/process/unfinished.ts';

/** What a process whose work is gone comes to: its exit code, and how often that was said. */
function drained(...steps: readonly ('drain' | 'end')[]) {
  const host = new EventEmitter();
  let told = 0;
  const end = refuseToDrain(host as unknown as Draining, () => {
    told += 1;
    return 1;
  });
  for (const step of steps) {
    if (step === 'end') end();
    else host.emit('beforeExit', 0);
  }
  return { told, exitCode: (host as unknown as Draining).exitCode };
}

it('a process whose work is gone before its run has ended is no success, and says so once', () => {
  expect(drained('drain')).toEqual({ told: 1, exitCode: 1 });
  // What is written then is work, after which it is asked again.
  expect(drained('drain', 'drain')).toEqual({ told: 1, exitCode: 1 });
});

it('a run that has come to its end decides by itself', () => {
  expect(drained('end', 'drain')).toEqual({ told: 0, exitCode: undefined });
});
