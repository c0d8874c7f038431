import { attempt } from '../../files/attempt.ts';
import { identityOf } from '../../files/identity.ts';
import { isSlip } from '../../protocol/suggest.ts';
import type { Said } from '../words.ts';
import {
  GITHUB,
  PRESS_FORMATS,
  type ReportTarget,
  reportIn,
  reportParser,
  SCENARIO_FORMATS,
  STDOUT,
} from './index.ts';

/** What the words of a command ask to be written. */
export interface AskedFiles {
  readonly targets: readonly ReportTarget[];
  readonly journals: readonly string[];
}

/** The options that name a journal. */
const JOURNAL = /^--(?:journal|resume|retry-failed)$/;

/** No system opens a file of a longer name, so none of that is there. V8 compares such long texts with all others. */
const LONGEST_NAME = 4096;

/** The options with which a command only shows something. */
const SHOWING = ['--dry-run', '-n', '--curl', '--check', '--list', '--schema'];

/**
 * What words ask to be written, read without the parser: a command line with a mistake asks for it, too. What does not
 * say well which report is meant means only one that is there. A run that only shows something writes none.
 *
 * @param sure - whether these are the words that were written
 */
export function askedIn(words: readonly string[], said: () => readonly Said[], sure = true): AskedFiles {
  const journals = valuesOf(words, (name) => JOURNAL.test(name)).map(({ value }) => value);
  const given = valuesOf(words, isReport);
  if (given.length === 0) return { targets: [], journals };
  const [command] = said().flatMap((one) => (one.kind === 'command' ? [one.word] : []));
  const isPress = command !== undefined && command !== 'test';
  const parse = isPress ? reportParser(PRESS_FORMATS) : reportParser(SCENARIO_FORMATS, [GITHUB]);
  const targets = given.flatMap(({ name, value }) => {
    const exact = name === '--report' ? attempt(() => parse(value)) : undefined;
    // A file that is none of commands may have lines of other programs, with options of their own.
    if (command === undefined && exact === undefined) return [];
    return (sure && command !== undefined ? exact : undefined) ?? oldReport(value.replace(/^\w*[:=]/, ''));
  });
  return { targets: onlyShows(words, said()) ? targets.filter(isLog) : targets, journals };
}

/** `--report`, also misspelt: `--reprot`, `--REPORT`, `--reporter`, or with the dash of a word processor. */
function isReport(option: string): boolean {
  const name = option.replace(/^[-\u2013\u2014]+/, '').toLowerCase();
  return name.length < option.length && (name.startsWith('report') || isSlip(name, 'report'));
}

function oldReport(file: string): readonly ReportTarget[] {
  const found = file === STDOUT ? undefined : reportIn(file);
  return found === undefined ? [] : [found];
}

/** Whether nothing is left of it, so that no old one can be taken for it. */
function isLog({ format }: ReportTarget): boolean {
  return format === GITHUB;
}

/** Whether words only show something. What a command that takes no reports would do is known from its words alone. */
export function onlyShows(words: readonly string[], said: readonly Said[]): boolean {
  const options = optionsIn(said);
  const names = options.includes('--report') ? options : [...options, ...words];
  return names.some((name) => SHOWING.includes(name));
}

function optionsIn(said: readonly Said[]): readonly string[] {
  return said.flatMap((one) => (one.kind === 'option' ? [one.name] : []));
}

/** What is given to an option, as one word or two. */
function valuesOf(words: readonly string[], isIt: (option: string) => boolean) {
  // What follows `--` is no option.
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? undefined : end).flatMap((word, index) => {
    const [, name = '', value = words[index + 1]] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    return value !== undefined && value.length <= LONGEST_NAME && isIt(name) ? [{ name, value }] : [];
  });
}

/** The reports, without those to the file of a journal, under any name: they would be in the way of the next run. */
export function reportsOfAll(asked: readonly AskedFiles[]): readonly ReportTarget[] {
  const kept = new Set(asked.flatMap(({ journals }) => journals).map(identityOf));
  // A file of thousands of lines may name one report in each.
  const targets = new Map(
    asked.flatMap((one) => one.targets).map((target) => [`${target.format}:${target.file}`, target]),
  );
  return [...targets.values()].filter(({ file }) => file === STDOUT || !kept.has(identityOf(file)));
}

/** Whether `run` was written, perhaps in another way, and perhaps after an option that there is not, and its value. */
export function meansRun(said: readonly Said[]): boolean {
  const [command] = said.flatMap((one) => (one.kind === 'command' ? [one.word] : []));
  if (command !== undefined) return command === 'run';
  return said.some((one) => one.kind === 'argument' && isSlip(one.word.toLowerCase(), 'run'));
}
