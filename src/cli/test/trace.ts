import { constants, existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { visibleLines } from '../../errors/visible.ts';
import { inFolder, pathIn } from '../../files/links.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkLinks, holdFolder } from '../../files/planted.ts';
import { unwritable } from '../../files/reason.ts';
import { ladder, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output/output.ts';

/** In a folder of another user, a name may have become a link to a file of this one. */
const NEW = { flag: 'wx', mode: 0o600 } as const;

/**
 * Writes the traces of a scenario that did not pass at the first attempt: one folder, with a file per attempt and a
 * line of JSON for every key, HTTP response, event and step. If its phones use a PBX, a ladder diagram of their SIP
 * messages is added.
 *
 * @returns the folder, as given
 * @throws {AtcomError} `unwritable-file`
 */
export async function writeTrace(
  context: Pick<Context, 'cwd' | 'env' | 'uid'>,
  folder: string,
  result: ScenarioResult,
  number: number,
): Promise<string> {
  const { cwd } = context;
  const name = `${String(number).padStart(2, '0')}-${slug(result.name)}`;
  const own = inFolder(folder, name);
  const all = pathIn(cwd, folder);
  try {
    const isNew = !existsSync(all);
    const { place } = checkLinks(pathIn(cwd, own), context);
    const way = checkLinks(all, context);
    await makeFolder(all);
    await holding(holdFolder(all, way, context), async (held) => {
      // Keeps traces out of git.
      if (isNew) await writeFile(inFolder(held, '.gitignore'), '*\n', NEW).catch(() => undefined);
      const path = inFolder(held, name);
      await makeFolder(path);
      const flag = way.place === dirname(place) ? (constants.O_NOFOLLOW ?? 0) : 0;
      await holding(holdFolder(path, { place, flag }, context), (here) => writeAttempts(here, result));
    });
  } catch (error) {
    throw unwritable(own, error);
  }
  return own;
}

async function holding(
  { path, release }: ReturnType<typeof holdFolder>,
  write: (path: string) => Promise<void>,
): Promise<void> {
  try {
    await write(path);
  } finally {
    release();
  }
}

async function writeAttempts(
  folder: string,
  { name, file, phones, attempts }: ScenarioResult,
): Promise<void> {
  // Traces of an earlier run would be mistaken for those of this one.
  for (const old of await readdir(folder)) {
    if (/^try-\d+\.(jsonl|sip\.txt)$/.test(old)) await rm(inFolder(folder, old));
  }
  for (const [index, attempt] of attempts.entries()) {
    const { trace, steps, error, verdict, started, ms, audio } = attempt;
    const head = { kind: 'scenario', name, file, try: index + 1, verdict, started, ms, phones, audio, error };
    const messages = ladder(phones, attempt);
    const at = inFolder(folder, `try-${index + 1}`);
    if (messages !== undefined) await writeFile(`${at}.sip.txt`, visibleLines(messages), NEW);
    const lines = [...trace, ...steps.map((step) => ({ kind: 'step', ...step }))].sort((a, b) => a.at - b.at);
    const text = [head, ...lines].map((line) => `${jsonText(line)}\n`).join('');
    await writeFile(`${at}.jsonl`, text, NEW);
  }
}

function slug(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '').slice(0, 60) || 'scenario';
}
