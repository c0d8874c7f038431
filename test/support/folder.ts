import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No vowel, capital or digit, so that no name is by chance a word that a test says must not be printed: `EJNOLC` was. */
const LETTERS = 'bcdfghjklmnpqrstvwxz';

/** Makes a folder of its own for a test, which only its user may enter. */
export function newFolder(name: string): string {
  const random = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const folder = join(tmpdir(), `atcom-${name}-${random}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}
