import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Sparingly } from '../../src/receiver/index.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What is told of things that have one letter each; a second lets nothing of them be told twice. */
function telling() {
  const told: string[] = [];
  const sparingly = new Sparingly<string>(
    (what, again) => told.push(again === 0 ? what : `${what} +${again}`),
    (count) => told.push(`others ${count}`),
    { every: 1000, most: 3 },
  );
  const take = (text: string) => {
    for (const what of text) sparingly.take(what.toLowerCase(), what);
  };
  return { told, take, sparingly };
}

describe('what is told sparingly', () => {
  it('is told at once, and once', () => {
    const { told, take } = telling();
    take('aaba');
    expect(told).toEqual(['a', 'b']);
  });

  it('is counted, and told with its last words when its time is over', () => {
    const { told, take } = telling();
    take('abaA');
    vi.advanceTimersByTime(999);
    expect(told).toEqual(['a', 'b']);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['a', 'b', 'A +2']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told anew after its time', () => {
    const { told, take } = telling();
    take('a');
    vi.advanceTimersByTime(1000);
    take('aa');
    expect(told).toEqual(['a', 'a']);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['a', 'a', 'a +1']);
  });

  it('is no more than so much, however many different things there are', () => {
    const { told, take } = telling();
    take('abcdefa');
    expect(told).toEqual(['a', 'b', 'c']);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['a', 'b', 'c', 'a +1', 'others 3']);
    take('d');
    expect(told.at(-1)).toBe('d');
  });

  it('is told no more once it is to be forgotten', () => {
    const { told, take, sparingly } = telling();
    take('aaaabcde');
    sparingly.forget();
    expect(vi.getTimerCount()).toBe(0);
    expect(told).toEqual(['a', 'b', 'c']);
    take('a');
    expect(told).toEqual(['a', 'b', 'c', 'a']);
  });
});
