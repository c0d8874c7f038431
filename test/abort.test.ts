import { expect, it, onTestFinished, vi } from 'vitest';
import { pause } from '../src/abort.ts';

const DAY = 86_400_000;

function watched(ms: number, signal?: AbortSignal) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ended = vi.fn();
  void pause(ms, signal).then(ended);
  return ended;
}

it('waits longer than a timer of Node can', async () => {
  const ended = watched(60 * DAY);
  await vi.advanceTimersByTimeAsync(60 * DAY - 1);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended.mock.calls).toEqual([[true]]);
});

it('ends at once when it is stopped, at whichever timer', async () => {
  const stop = new AbortController();
  const ended = watched(60 * DAY, stop.signal);
  await vi.advanceTimersByTimeAsync(30 * DAY);
  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(ended.mock.calls).toEqual([[false]]);
  expect(vi.getTimerCount()).toBe(0);
});
