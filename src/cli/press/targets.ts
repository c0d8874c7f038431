import { statSync } from 'node:fs';
import type { Config } from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { attempt } from '../../files/attempt.ts';
import { pathIn } from '../../files/links.ts';
import { eventNamesOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { readTargetLines } from '../../targets/lines.ts';
import { resolveTargets, type Targets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { readStdin, readText } from '../read-text.ts';

/** To read so many characters of a file of targets takes as long as to look at a phone. */
const READ = 8;

/** The phones that a command is aimed at; `--to -` reads them from stdin, a target a line. */
export async function selectPhones(context: Context, options: TargetOptions): Promise<Targets> {
  const { to = [], exclude, targetsFile, all } = options;
  const { looks } = context;
  const text = targetsFile === undefined ? '' : await readText(targetsFile, context);
  // Each line of a file may name one that is large, also if it is large by comments and empty lines.
  if (looks !== undefined) looks.count += text.length / READ;
  const lines = [
    ...(to.includes('-') ? readTargetLines(await readStdin(context), 'stdin') : []),
    ...(targetsFile === undefined ? [] : readTargetLines(text, targetsFile)),
  ];
  const words = {
    to: to.filter((word) => word !== '-'),
    exclude,
    // Also if the file is empty: then no phone is selected.
    lines: to.includes('-') || targetsFile !== undefined ? lines : undefined,
    sources: [...(to.includes('-') ? ['stdin'] : []), ...(targetsFile === undefined ? [] : [targetsFile])],
    all,
    fallback: context.env['ATCOM_TO'],
  };
  const config = await context.config();
  const targets = resolveTargets(words, { ...config, looks });
  if (looks !== undefined) looks.selected = (looks.selected ?? 0) + targets.phones.length;
  warnOf(context, config);
  return targets;
}

/**
 * Checks that the phones can be selected twice: when a file of commands is checked, and when its line is run.
 *
 * @throws {AtcomError} `usage` for a list that can be read only once
 */
export function checkReadTwice({ cwd }: Context, { to = [], targetsFile }: TargetOptions): void {
  const isOnce =
    targetsFile !== undefined && attempt(() => statSync(pathIn(cwd, targetsFile)).isFile()) === false;
  if (!to.includes('-') && !isOnce) return;
  throw new AtcomError('usage', {
    reason: `the targets of a line cannot come from ${isOnce ? targetsFile : 'stdin'}, which can be read only once`,
    hint: 'write them to a file, and name it with --targets-file',
  });
}

/**
 * A phone is known by its address. Where the config says of two addresses that one phone is there, it would be pressed twice.
 *
 * @throws {AtcomError} `usage`
 */
export function checkOnce(phones: readonly PhoneSettings[]): void {
  const names = new Map<string, string>();
  for (const phone of phones) {
    const { mac } = phone;
    if (mac === undefined) continue;
    const other = names.get(mac);
    if (other !== undefined) {
      const reason = `${other} and ${nameOf(phone)} have the same mac: in the config, so one phone would get its keys or a password twice`;
      throw new AtcomError('usage', { reason, hint: 'correct the mac, or name one of the two' });
    }
    names.set(mac, nameOf(phone));
  }
}

/** Whether nothing says which phones. */
export function namesNobody({ to = [], exclude, targetsFile, all }: TargetOptions): boolean {
  return to.length === 0 && exclude === undefined && targetsFile === undefined && all !== true;
}

/** The same for commands that mean every phone of the config where nobody names one. */
export async function selectOrAll(
  context: Context,
  options: TargetOptions,
): Promise<readonly PhoneSettings[]> {
  const { to = [], targetsFile } = options;
  if (namesNobody(options)) return [...(await context.config()).phones.values()];
  const all = to.length === 0 && targetsFile === undefined;
  return (await selectPhones(context, all ? { ...options, all } : options)).phones;
}

/**
 * The phones whose events a command is about; undefined for all that report.
 *
 * @throws {AtcomError} `usage` for a virtual phone, which no command reaches but the one that made it
 */
export async function selectReporters(
  context: Context,
  options: TargetOptions,
): Promise<readonly PhoneSettings[] | undefined> {
  if (namesNobody(options)) return undefined;
  const { to = [], targetsFile } = options;
  const all = to.length === 0 && targetsFile === undefined;
  const { phones, virtual } = await selectPhones(context, all ? { ...options, all } : options);
  if (!virtual) return phones;
  throw new AtcomError('usage', {
    reason: 'virtual is a phone for one command that presses keys; no other command can see it',
    hint: 'run atcom sim, and use the addresses of its phones',
  });
}

/** What receivers may call a phone: its name, or its address. */
export function namesOf(phones: readonly PhoneSettings[]): readonly string[] {
  return [...new Set(phones.flatMap(eventNamesOf))];
}

/** Runs whose warnings were shown: a batch selects phones again and again. */
const warned = new WeakSet<Config>();

/** Warns once about likely mistakes in the config. */
function warnOf({ output }: Context, config: Config): void {
  if (warned.has(config) || output.quiet || output.json) return;
  warned.add(config);
  for (const warning of config.warnings) {
    output.note((paint) => `${paint('yellow', 'warning')}: ${visible(warning)}`);
  }
}
