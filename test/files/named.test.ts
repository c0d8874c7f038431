import { linkSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namedFiles, Together } from '../../src/files/named.ts';
import { emptyFolder } from '../cli/run.ts';

const MEBIBYTE = 1024 * 1024;

/** Reads files of a new folder, and counts how often it does. */
function reader(most = MEBIBYTE) {
  const folder = emptyFolder();
  const made: string[] = [];
  const read = namedFiles(most, new Together(1), (bytes, path) => {
    made.push(path);
    return bytes.toString();
  });
  const at = (name: string) => join(folder, name);
  return { at, made, read: (name: string) => read(at(name)) };
}

/** How many files this process has open. */
const open = () => readdirSync('/proc/self/fd').length;

it('a file is read once, by whatever path or link', () => {
  const { at, made, read } = reader();
  writeFileSync(at('a'), 'x'.repeat(MEBIBYTE));
  symlinkSync('a', at('link'));
  linkSync(at('a'), at('second'));
  const all = ['a', 'link', 'second', 'a'].map(read);
  expect(new Set(all).size).toBe(1);
  expect(made).toEqual([at('a')]);
  writeFileSync(at('a'), 'changed');
  expect(read('a')).toHaveLength(MEBIBYTE);
});

it('files together have a limit, and nothing is read beyond it', () => {
  const { at, made, read } = reader();
  for (const name of ['a', 'b', 'c']) {
    writeFileSync(at(name), '');
    truncateSync(at(name), MEBIBYTE / 2);
  }
  writeFileSync(at('d'), 'x');
  read('a');
  read('b');
  for (const name of ['c', 'd', 'c'])
    expect(() => read(name)).toThrow(
      `${at(name)} cannot be read: it and the files before it are larger than 1 MiB together`,
    );
  expect(made).toEqual([at('a'), at('b')]);
});

it('what is wrong with a file is found once', () => {
  const { at, read } = reader(10);
  writeFileSync(at('a'), 'x'.repeat(11));
  expect(() => read('a')).toThrow('it is larger than');
  writeFileSync(at('a'), 'x');
  expect(() => read('a')).toThrow('it is larger than');
});

it.runIf(process.platform === 'linux')('no file stays open', () => {
  const { at, read } = reader();
  const before = open();
  writeFileSync(at('a'), 'x');
  symlinkSync('a', at('link'));
  writeFileSync(at('b'), 'x'.repeat(MEBIBYTE));
  read('a');
  read('link');
  expect(() => read('b')).toThrow('together');
  expect(open()).toBe(before);
});
