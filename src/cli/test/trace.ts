import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { checkLinks } from '../../files/planted.ts';
import { unwritable } from '../../files/reason.ts';
import { ladder, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output/output.ts';
import { visibleLines } from '../output/text.ts';

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
  { name, file, phones, attempts }: ScenarioResult,
  number: number,
): Promise<string> {
  const { cwd } = context;
  const own = join(folder, `${String(number).padStart(2, '0')}-${slug(name)}`);
  try {
    checkLinks(resolve(cwd, own), context);
    // Keeps traces out of git.
    if (!existsSync(resolve(cwd, folder))) {
      await makeFolder(resolve(cwd, folder));
      await writeFile(resolve(cwd, folder, '.gitignore'), '*\n', NEW).catch(() => undefined);
    }
    await makeFolder(resolve(cwd, own));
    // Traces of an earlier run would be mistaken for those of this one.
    for (const name of await readdir(resolve(cwd, own))) {
      if (/^try-\d+\.(jsonl|sip\.txt)$/.test(name)) await rm(resolve(cwd, own, name));
    }
    for (const [index, attempt] of attempts.entries()) {
      const { trace, steps, error, verdict, started, ms, audio } = attempt;
      const head = {
        kind: 'scenario',
        name,
        file,
        try: index + 1,
        verdict,
        started,
        ms,
        phones,
        audio,
        error,
      };
      const messages = ladder(phones, attempt);
      if (messages !== undefined)
        await writeFile(resolve(cwd, own, `try-${index + 1}.sip.txt`), visibleLines(messages), NEW);
      const all = [...trace, ...steps.map((step) => ({ kind: 'step', ...step }))].sort((a, b) => a.at - b.at);
      await writeFile(
        resolve(cwd, own, `try-${index + 1}.jsonl`),
        [head, ...all].map((line) => `${jsonText(line)}\n`).join(''),
        NEW,
      );
    }
  } catch (error) {
    throw unwritable(own, error);
  }
  return own;
}

function slug(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '').slice(0, 60) || 'scenario';
}
