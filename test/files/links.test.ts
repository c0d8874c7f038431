import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inFolder, pathIn } from '../../src/files/links.ts';
import { newFolder } from '../support/folder.js';

/** `here/link` leads to `there/inside`. */
function folders() {
  const root = realpathSync(newFolder('links'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'here/plain'), { recursive: true });
  mkdirSync(join(root, 'there/inside'), { recursive: true });
  symlinkSync('../there/inside', join(root, 'here/link'));
  return { root, here: join(root, 'here') };
}

it('a path leads where the system goes, not where its text does', () => {
  const { here } = folders();
  expect(realpathSync.native(pathIn(here, 'link/../inside'))).toMatch(/there\/inside$/);
  expect(pathIn(here, 'link/../x')).toBe(`${here}/link/../x`);
  expect(inFolder(`${here}/link/..`, 'x', 'y')).toBe(`${here}/link/../x/y`);
  expect([inFolder('', 'x'), inFolder('a/', 'x'), inFolder('/', 'x')]).toEqual(['x', 'a/x', '/x']);
  expect(pathIn(`${here}/link/..`, 'x')).toBe(`${here}/link/../x`);
});

it.each([
  ['x', 'here/x'],
  ['link/x', 'here/link/x'],
  ['./plain/../x', 'here/x'],
  ['../there/x', 'there/x'],
  ['gone/../x', 'here/x'],
])('any other path is as usual: %s', (path, expected) => {
  const { root, here } = folders();
  expect(pathIn(here, path)).toBe(join(root, expected));
  expect(pathIn('/elsewhere', `${here}/${path}`)).toBe(join(root, expected));
});
