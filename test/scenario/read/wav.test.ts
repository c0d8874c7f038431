import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newWavReader } from '../../../src/scenario/read/wav.ts';
import { emptyFolder } from '../../cli/run.ts';
import { wav } from '../../cli/sip-phones.ts';

it('a recording is read once, however often it is said', () => {
  const file = join(emptyFolder(), 'menu.wav');
  writeFileSync(file, wav(1700, 100));
  const read = newWavReader();
  const samples = read(file, 'menu.wav');
  expect(samples).toHaveLength(800);
  expect(Math.max(...samples)).toBeGreaterThan(1000);
  rmSync(file);
  expect(read(file, 'menu.wav')).toBe(samples);
  const other = newWavReader();
  expect(() => other(file, 'menu.wav')).toThrow('menu.wav cannot be read');
  writeFileSync(file, wav(1700, 100));
  expect(() => other(file, 'menu.wav')).toThrow('menu.wav cannot be read');
});
