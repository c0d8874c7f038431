import { expect, test } from 'atcom/vitest';
import { describe } from 'vitest';

// With phones of a config instead: phones({ a: 'reception', b: 'lobby' }).
describe('a call', () => {
  test('rings where it should, and nowhere else', async ({ phones }) => {
    const { a, b, c } = await phones({ a: 'virtual', b: 'virtual', c: 'virtual' });
    await expect(a.dial(b.extension)).toHaveOutcome('ok');
    await expect(b).toReach('incomingCall', { where: { remote: `*${a.extension}*` }, within: '2s' });
    await expect(c).not.toReach('incomingCall', { during: '200ms' });
    await b.answer();
    await Promise.all([a, b].map((phone) => expect(phone).toReach('established')));
  });

  test.for([1, 2] as const)('goes out on line %i', async (line, { phones }) => {
    const { a, b } = await phones({ a: { virtual: 'A21' }, b: 'virtual' });
    await expect(a.dial(b.extension, { line })).toHaveOutcome('ok');
    await expect(b).toReach('incomingCall');
  });

  test('that nobody answers is missed', async ({ phones }) => {
    const { a, b } = await phones({ a: 'virtual', b: 'virtual' }, { ring: 200 });
    await a.dial(b.extension);
    await expect(b).toReach('missedCall');
    await expect(a).toReach('busyToIdle');
  });
});
