import { constants, existsSync, lstatSync, readdirSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { visibleLines } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { attempt } from '../../files/attempt.ts';
import { checkKept, type Kind } from '../../files/kept.ts';
import { inFolder, pathIn } from '../../files/links.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkLinks, holdFolder } from '../../files/planted.ts';
import { unwritable } from '../../files/reason.ts';
import { ladder, type Scenario, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../output/output.ts';

/** In a folder of another user, a name may have become a link to a file of this one. */
const NEW = { flag: 'wx', mode: 0o600 } as const;

const hint = 'move it, or name another folder with --trace';

/** What traces are, and how they begin. */
const KINDS: Readonly<Record<string, Kind>> = {
  jsonl: { name: 'a trace', start: /^\{"kind":"scenario","name":"/, hint },
  'sip.txt': { name: 'SIP messages of a trace', start: /^[^\n:]+: [^\n,]+, sips?:/, hint },
};

/**
 * Checks that traces would replace nothing but traces, before anything is pressed.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export function checkTraces(
  { cwd }: Pick<Context, 'cwd'>,
  folder: string,
  scenarios: readonly Pick<Scenario, 'name'>[],
): void {
  for (const [index, { name }] of scenarios.entries()) {
    const own = inFolder(folder, folderOf(name, index + 1));
    const path = pathIn(cwd, own);
    // A folder that cannot be read is told of where a trace is written.
    tracesAmong(attempt(() => readdirSync(path)) ?? [], own, path);
  }
}

/**
 * The names of traces of an earlier run.
 *
 * @param at - the path of the folder, which may be held
 * @throws {AtcomError} `unwritable-file` if something else has such a name
 */
function tracesAmong(names: readonly string[], folder: string, at: string): readonly string[] {
  return names.filter((name) => {
    const kind = KINDS[/^try-\d+\.(jsonl|sip\.txt)$/.exec(name)?.[1] ?? ''];
    if (kind === undefined) return false;
    const [file, path] = [inFolder(folder, name), inFolder(at, name)];
    // Removing a folder would fail after the presses, and a pipe or a link holds nothing that could be recognised.
    if (attempt(() => lstatSync(path))?.isFile() === false)
      throw new AtcomError('unwritable-file', { file, reason: 'it is no plain file', hint });
    checkKept(file, kind, path);
    return true;
  });
}

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
  const name = folderOf(result.name, number);
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
      await holding(holdFolder(path, { place, flag }, context), (here) => writeAttempts(own, here, result));
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
  own: string,
  folder: string,
  { name, file, phones, attempts }: ScenarioResult,
): Promise<void> {
  // Traces of an earlier run would be mistaken for those of this one.
  for (const old of tracesAmong(await readdir(folder), own, folder)) await rm(inFolder(folder, old));
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

function folderOf(name: string, number: number): string {
  return `${String(number).padStart(2, '0')}-${slug(name)}`;
}

function slug(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-|-$/g, '').slice(0, 60) || 'scenario';
}
