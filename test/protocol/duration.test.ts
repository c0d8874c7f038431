import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/protocol/duration.ts';
import { failure } from './failure.ts';

it.each<[string, number, string]>([
  ['0ms', 0, '0ms'],
  ['0s', 0, '0ms'],
  ['500ms', 500, '500ms'],
  ['1000ms', 1000, '1s'],
  ['1.5s', 1500, '1500ms'],
  ['0.001s', 1, '1ms'],
  ['1.4ms', 1, '1ms'],
  ['90s', 90_000, '90s'],
  ['2m', 120_000, '2m'],
  ['0.5m', 30_000, '30s'],
  ['1h', 3_600_000, '1h'],
  ['90m', 5_400_000, '90m'],
  ['24h', 86_400_000, '24h'],
  [' 5s ', 5000, '5s'],
])('%j is %i ms, written %s', (text, ms, shortest) => {
  expect(parseDuration(text)).toBe(ms);
  expect(formatDuration(ms)).toBe(shortest);
});

it.each([
  '',
  '5',
  's',
  '5 s',
  '5S',
  '5d',
  '-1s',
  '+1s',
  '1e3ms',
  '.5s',
  '5.s',
  '1.2345s',
  '5s5s',
  '24.001h',
  '25h',
  '86400001ms',
  '9999999999ms',
  '٥s',
  'Infinitys',
  '5s\nx',
])('%j is none', (text) => {
  const error = failure(() => parseDuration(text));
  expect(error.code).toBe('invalid-duration');
  expect(error.details).toEqual({ input: text });
});
