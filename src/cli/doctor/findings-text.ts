import { networkInterfaces } from 'node:os';
import { CHECKS, type Check, type Level } from '../../doctor/finding.ts';
import { visible } from '../../errors/visible.ts';
import { quoteShellWord } from '../../shell.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Paint, Style } from '../output/output.ts';
import { count, wrapped } from '../output/text.ts';
import { UNFOLDED } from '../press/folding.ts';

/** A phone and what was found; as in `--json`. */
export interface Examined {
  readonly phone: string;
  readonly host: string;
  readonly checks: readonly Check[];
}

const STYLES: Readonly<Record<Level, Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  skipped: 'dim',
};

const CHECK_WIDTH = Math.max(...CHECKS.map((check) => check.length));
const LEVEL_WIDTH = 'warning'.length;
const INDENT = ' '.repeat(2 + CHECK_WIDTH + 2 + LEVEL_WIDTH + 2);

/** Columns of less than this have hardly a blank to break at. */
const LEAST = 20;

/** How findings are shown: colours, and how long the lines of a message may be. */
interface Look {
  readonly paint: Paint;
  readonly room: number;
}

/**
 * One paragraph per phone, one line per check with its remedy below. Phones with the same findings share a paragraph.
 *
 * @param quiet - tells only what is wrong; the summary still counts every phone
 * @param width - of the terminal, which would break lines within words
 */
export function examinedText(
  results: readonly Examined[],
  paint: Paint,
  { quiet, width }: { readonly quiet: boolean; readonly width: number },
): string {
  const look = {
    paint,
    room: width - INDENT.length < LEAST ? Number.POSITIVE_INFINITY : width - INDENT.length,
  };
  const told = quiet ? worthTelling(results) : results;
  if (told.length === 0) return '';
  if (results.length <= UNFOLDED) return told.map((result) => paragraph(result, look)).join('\n\n');
  return [...groupsOf(told).map((group) => groupText(group, look)), summaryText(results)].join('\n\n');
}

function worthTelling(results: readonly Examined[]): readonly Examined[] {
  return results
    .map((result) => ({ ...result, checks: wrongOf(result) }))
    .filter(({ checks }) => checks.length > 0);
}

/** Groups phones with the same findings, ignoring their own names and addresses; problems come last. */
function groupsOf(results: readonly Examined[]): readonly (readonly [Examined, ...Examined[]])[] {
  const groups = new Map<string, [Examined, ...Examined[]]>();
  for (const result of results) {
    const key = JSON.stringify([
      ...wrongOf(result).map((check) => shared(check, result)),
      uncheckedIn(result),
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  const rank = ([first]: readonly [Examined, ...Examined[]]) => LEVELS.indexOf(worstOf(first));
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

function groupText(group: readonly [Examined, ...Examined[]], look: Look): string {
  const { paint } = look;
  const [first, another] = group;
  if (another === undefined) return paragraph(first, look);
  const names = foldNodeset(group.map(({ phone }) => phone));
  const title = `${names} (${group.length})`;
  const wrong = wrongOf(first).map((check) => ofAll(shared(check, first), names));
  const worst = worstOf(first);
  const told = [paint('bold', title), paint(STYLES[worst], worst), ...uncheckedIn(first)];
  const head = wrong.length === 0 ? told.join('  ') : paint('bold', title);
  return [head, ...checkLines(wrong, look)].join('\n');
}

/** Where nothing is wrong, whether events arrive is not known either. */
function uncheckedIn({ checks }: Examined): readonly string[] {
  const isUnchecked = checks.some(({ check, level }) => check === 'events' && level === 'skipped');
  return isUnchecked ? ['events not checked: --events'] : [];
}

const LEVELS: readonly Level[] = ['ok', 'skipped', 'warning', 'problem'];

function wrongOf({ checks }: Examined): readonly Check[] {
  return checks.filter(({ level }) => level === 'warning' || level === 'problem');
}

function worstOf(result: Examined): Level {
  const levels = wrongOf(result).map(({ level }) => level);
  return levels.includes('problem') ? 'problem' : (levels[0] ?? 'ok');
}

/** Stands for the name or address of a phone. No text has it, because it is escaped before it is shown. */
const MASK = '\u0000';

/** A check with name, address and port of its phone masked, so that equal findings compare equal. */
function shared(check: Check, { phone, host }: Examined): Check {
  const port = /:(\d+)$/.exec(host)?.[1];
  return mapped(check, (text) => {
    const masked = text.replaceAll(host, MASK).replaceAll(phone, MASK);
    return port === undefined ? masked : masked.replaceAll(`port ${port}`, 'its port');
  });
}

/** A masked check in words for all phones of a group; a command to run names them. */
function ofAll(check: Check, names: string): Check {
  const target = quoteShellWord(names);
  return mapped(check, (text) =>
    text
      .replace(/\batcom [a-z-]+ \0/g, (command) => command.replace(MASK, () => target))
      .replaceAll(MASK, 'each'),
  );
}

function mapped({ message, remedy, ...check }: Check, change: (text: string) => string): Check {
  return { ...check, message: change(message), ...(remedy === undefined ? {} : { remedy: change(remedy) }) };
}

/** `300 phones: 58 ok, 2 with a warning, 240 with a problem (port)`. */
function summaryText(results: readonly Examined[]): string {
  const of = (level: Level) => results.filter((result) => worstOf(result) === level);
  const causes = new Set(
    of('problem').flatMap((result) => wrongOf(result).find(({ level }) => level === 'problem')?.check ?? []),
  );
  const parts = [
    [of('ok').length, 'ok'],
    [of('warning').length, 'with a warning'],
    [of('problem').length, `with a problem (${[...causes].join(', ')})`],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${count(results.length, 'phone')}: ${told.join(', ')}`;
}

function paragraph({ phone, host, checks }: Examined, look: Look): string {
  const title = phone === host ? visible(host) : `${visible(phone)} (${visible(host)})`;
  return [look.paint('bold', title), ...checkLines(checks, look)].join('\n');
}

function checkLines(checks: readonly Check[], { paint, room }: Look): readonly string[] {
  return checks.flatMap(({ check, level, message, remedy }) => {
    const [what, ...more] = wrapped(visible(message), room);
    const head = `  ${check.padEnd(CHECK_WIDTH)}  ${paint(STYLES[level], level.padEnd(LEVEL_WIDTH))}  `;
    const fix = remedy === undefined ? [] : wrapped(`Fix: ${visible(remedy)}`, room);
    const below = [...more, ...fix.map((line) => line.replace(/^Fix:/, () => paint('bold', 'Fix:')))];
    return [head + what, ...below.map((line) => INDENT + line)];
  });
}

/** First steps, for someone who has no config yet. */
export function beginText(paint: Paint): string {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const own = addresses.length === 0 ? '' : ` (${addresses.join(' or ')})`;
  return `There is no phone yet: no config file, no --to, no ATCOM_TO.

${paint('bold', 'Without a phone')}
  atcom dial 6040 --to virtual    a virtual phone for one command
  atcom sim                       virtual phones that keep running

${paint('bold', 'With a phone')}, at 172.16.0.57 for example
  1. On its page Phone – Remote Control, enter the address of this computer${own}
     in "Action URI allow IP list".
  2. atcom allow 172.16.0.57      then press Save on the phone
  3. atcom doctor 172.16.0.57     checks everything else

${paint('bold', 'A name for it')}, in atcom.config.yaml in this folder or one above
  default: reception
  phones:
    reception: { host: 172.16.0.57, model: A48 }`;
}
