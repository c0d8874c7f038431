import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
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
  const own = inFolder(folder, `${String(number).padStart(2, '0')}-${slug(result.name)}`);
  const all = pathIn(cwd, folder);
  const place = pathIn(cwd, own);
  try {
    const way = checkLinks(place, context);
    // Keeps traces out of git.
    if (!existsSync(all)) {
      await makeFolder(all);
      await writeFile(inFolder(all, '.gitignore'), '*\n', NEW).catch(() => undefined);
    }
    await makeFolder(place);
    const held = holdFolder(place, way, context);
    try {
      await writeAttempts(held.path, result);
    } finally {
      held.release();
    }
  } catch (error) {
    throw unwritable(own, error);
  }
  return own;
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
