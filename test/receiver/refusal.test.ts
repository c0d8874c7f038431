import { expect, it } from 'vitest';
import { refusalAdvice, shownPath } from '../../src/receiver/refusal.ts';

it.each([
  ['/api/incoming?token=s3cret-s3cret', '/api/incoming'],
  ['/offHookUrl.xml&token=s3cret-s3cret&mac=1', '/offHookUrl.xml&token=…&mac=1'],
  ['/offHookUrl.xml;token=s3cret-s3cret', '/offHookUrl.xml;token=…'],
  ['/offHookUrl.xml%3Ftoken=s3cret-s3cret', '/offHookUrl.xml%3Ftoken=…'],
  ['/offHookUrl.xml%3FTOKEN%3Ds3cret-s3cret', '/offHookUrl.xml%3FTOKEN%3D…'],
  [`/${'a'.repeat(300)}`, `/${'a'.repeat(199)}…`],
  ['/token/s3cret-s3cret', '/token/…'],
  ['/off/tok%65n=s3cret-s3cret&mac=1', '/off/tok%65n=…&mac=1'],
  [`/${'a'.repeat(190)}s3cret-s3cret`, `/${'a'.repeat(190)}…`],
])('%s is shown as %s', (target, shown) => {
  expect(shownPath(target, 's3cret-s3cret')).toBe(shown);
});

it.each([
  ['/metrics', 'which names no event; atcom listen --metrics serves it'],
  ['/board', 'which names no event; atcom listen --board serves it'],
  ['constructor', 'which names no event; atcom events lists them'],
])('%s is asked for in vain, with the fix', (path, told) => {
  const refusal = { time: '', refused: 'unknown-event', source: '10.0.0.7', path } as const;
  expect(refusalAdvice(refusal)).toContain(`10.0.0.7 asked for ${path}, ${told}`);
});
