import { expect, it } from 'vitest';
import { EventRoom } from '../../../src/scenario/play/event-room.ts';

const size = { events: 100, characters: 100 };

it('takes so many events, and then no more', () => {
  const room = new EventRoom({ ...size, events: 2 });
  expect([{}, {}, {}].map((event) => room.take(event))).toEqual([true, true, false]);
});

it.each([
  ['letters', 'y'.repeat(95)],
  ['what JSON does not show', '\u007f'.repeat(16)],
  ['what JSON escapes', '\u0001'.repeat(16)],
  ['what a page escapes', '<'.repeat(16)],
])('takes so many characters as reports write, of %s', (_, text) => {
  expect(new EventRoom({ ...size, characters: text.length }).take([text])).toBe(false);
  expect(new EventRoom({ ...size, characters: 95 }).take([text])).toBe(false);
  expect(new EventRoom(size).take([text])).toBe(true);
});

it('takes nothing any more once something was too large, so that what is kept has no holes', () => {
  const room = new EventRoom(size);
  expect([room.take(['y'.repeat(100)]), room.take({})]).toEqual([false, false]);
});

it('has no more than what is left in the room around it', () => {
  const around = new EventRoom({ ...size, characters: 5 });
  const [one, other] = [new EventRoom(size, around), new EventRoom(size, around)];
  expect([one.take({}), other.take({}), one.take({}), other.take({})]).toEqual([true, true, false, false]);
});
