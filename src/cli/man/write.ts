import { dirname } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { AtcomError } from '../../errors.ts';
import { inFolder } from '../../files/links.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkLinks } from '../../files/planted.ts';
import { unwritable } from '../../files/reason.ts';
import { writeText } from '../../files/write.ts';
import type { Context } from '../context.ts';
import { manPages } from './pages.ts';

/**
 * The page of `atcom`, of a command or of a topic.
 *
 * @throws {AtcomError} `usage` if there is none
 */
export async function manPage(program: CommandUnknownOpts, name: string): Promise<string> {
  const pages = await manPages(program);
  const wanted = name === '' ? ['atcom'] : [`atcom-${name}`, `atcom.${name}`];
  const found = pages.find((page) => wanted.includes(page.name));
  if (found !== undefined) return found.text;
  throw new AtcomError('usage', {
    reason: `there is no page on ${JSON.stringify(name)}`,
    hint: `there are ${pages.map((page) => `${page.name}(${page.section})`).join(', ')}`,
  });
}

/**
 * Writes every page below a folder, in the layout that `man` expects: `man1/atcom.1`, …
 *
 * @returns the paths
 * @throws {AtcomError} `unwritable-file`
 */
export async function writeManPages(
  context: Context,
  program: CommandUnknownOpts,
  folder: string,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { name, section, text } of await manPages(program)) {
    const path = inFolder(folder, `man${section}`, `${name}.${section}`);
    try {
      checkLinks(path, context);
      // Everybody reads the manual.
      await makeFolder(dirname(path), 0o755);
      await writeText(path, text, { person: context, signal: context.signal });
    } catch (cause) {
      throw unwritable(path, cause);
    }
    paths.push(path);
  }
  return paths;
}
