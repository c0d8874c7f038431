import { expect, it } from 'vitest';
import { addressHint, networkReason } from '../../src/protocol/network-reasons.ts';

it.each([
  [
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:80'), { code: 'ECONNREFUSED' }),
    'connection refused',
  ],
  [Object.assign(new Error('x'), { code: 'EAI_AGAIN' }), 'name not found: the name server did not answer'],
  [Object.assign(new Error('odd'), { code: 'EODD' }), 'odd'],
  [Object.assign(new Error(''), { code: 'EODD' }), 'EODD'],
  [Object.assign(new Error('odd'), { code: 5 }), 'odd'],
  [new TypeError(''), 'TypeError'],
])('%j is told as %s', (error, reason) => {
  expect(networkReason(error)).toBe(reason);
});

it('blames the address only where another port would not help', () => {
  expect(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].map(addressHint)).toEqual(
    Array(3).fill('choose an address of this computer, or 0.0.0.0 for all of them'),
  );
  expect(addressHint('EADDRINUSE')).toBeUndefined();
});
