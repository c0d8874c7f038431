import { rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
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

it('so is one with many links', () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'menu.wav'), wav(1700, 100));
  symlinkSync('menu.wav', join(folder, 'link.wav'));
  const read = newWavReader();
  expect(read(join(folder, 'link.wav'), 'link.wav')).toBe(read(join(folder, 'menu.wav'), 'menu.wav'));
  writeFileSync(join(folder, 'text.wav'), 'text');
  symlinkSync('text.wav', join(folder, 'other.wav'));
  for (const name of ['text.wav', 'other.wav'])
    expect(() => read(join(folder, name), name)).toThrow(`${name} is no WAV file`);
});

it('all recordings of a run are at most 128 MiB', () => {
  const folder = emptyFolder();
  const read = newWavReader();
  const files = Array.from({ length: 13 }, (_, index) => `${index}.wav`);
  const wrong = files.map((name) => {
    const file = join(folder, name);
    writeFileSync(file, '');
    truncateSync(file, 10 * 1024 * 1024);
    try {
      return read(file, name);
    } catch (error) {
      return String(error);
    }
  });
  expect(wrong.slice(11)).toEqual([
    expect.stringContaining('11.wav is no WAV file'),
    expect.stringContaining('12.wav cannot be read: it and the files before it are larger than 128 MiB'),
  ]);
});
