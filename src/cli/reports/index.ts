import { AtcomError, isAtcomError } from '../../errors.ts';
import { checkKept, type Kind, START } from '../../files/kept.ts';
import { linksTo, placeOf } from '../../files/links.ts';
import { isFilled, startOf } from '../../files/plain.ts';
import { checkLinks, checkPlanted } from '../../files/planted.ts';
import { unwritable } from '../../files/reason.ts';
import type { Person } from '../../files/secret.ts';
import { closest } from '../../protocol/suggest.ts';
import type { Writable } from '../output/output.ts';

/** The formats of `--report` of commands that press keys, and of `atcom test`. */
export const PRESS_FORMATS = ['junit', 'tap'] as const;
export const SCENARIO_FORMATS = ['junit', 'tap', 'json', 'html'] as const;

/** Renders a document in a format. */
export type Render<Document> = (document: Document) => string;

/** The report that is not a file: GitHub Actions reads it from the log and from its own file. */
export const GITHUB = 'github';

/** A report to write. */
export interface ReportTarget {
  readonly format: string;
  readonly file: string;
}

/**
 * Parses `junit:FILE`; can be repeated.
 *
 * @param formats - the formats that take a file
 * @param alone - the formats that take no file
 * @throws {AtcomError} `usage`
 */
export function reportParser(formats: readonly string[], alone: readonly string[] = []) {
  const parse = (text: string, before: ReportTarget[] = []): ReportTarget[] => {
    const add = (target: ReportTarget) => {
      before.push(target);
      return before;
    };
    if (alone.includes(text)) return add({ format: text, file: '' });
    const [, format = '', file = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
    if (!formats.includes(format)) {
      const [near] = closest(text.replace(/:.*/s, ''), [...formats, ...alone]);
      const all = [...formats, ...alone].filter((each) => near === undefined || each === near);
      const forms = all.map((each) => (alone.includes(each) ? each : `${each}:FILE`));
      throw new AtcomError('usage', {
        reason: `${JSON.stringify(text)} is not a report`,
        hint: `write ${forms.join(' or ')}`,
      });
    }
    return add({ format, file });
  };
  // For completion: what can be typed.
  return Object.assign(parse, { formats: [...formats.map((format) => `${format}:`), ...alone] });
}

/** The file name for a report on stdout, in place of the usual text. */
export const STDOUT = '-';

/** Whether a report is written to stdout. */
export function takesStdout(targets: readonly ReportTarget[] = []): boolean {
  return targets.some(({ file }) => file === STDOUT);
}

/** What reports must agree with. */
interface ReportPreparing {
  readonly person: Person;
  readonly signal: AbortSignal;
  /** Whether stdout takes JSON. */
  readonly json: boolean;
  /** The file of the journal, which is written at the same time. */
  readonly journal?: string | undefined;
}

/**
 * Checks that reports can be written, so that a wrong path is reported before anything is sent, and empties those of the
 * last run: a build server must not find them if this one is killed. Creates missing folders.
 *
 * @throws {AtcomError} `unwritable-file`, `usage`
 */
export async function prepareReports(
  targets: readonly ReportTarget[],
  { person, signal, json, journal }: ReportPreparing,
): Promise<void> {
  const files = targets.flatMap(({ file }) => (file === STDOUT ? [] : [file]));
  await checkReports(targets, { person, json, journal });
  const [{ identityOf }, { writeText }] = await Promise.all([
    import('../../files/identity.ts'),
    import('../../files/write.ts'),
  ]);
  // The texts of this run go there, too, and could not be replaced by its report.
  const streams = ['/dev/stdout', '/dev/stderr'].map(identityOf);
  for (const file of files) {
    if (isFilled(file) && !streams.includes(identityOf(file))) await writeText(file, '', { person, signal });
  }
}

async function checkReports(
  targets: readonly ReportTarget[],
  { person, json, journal }: Omit<ReportPreparing, 'signal'>,
): Promise<void> {
  const { identityOf } = await import('../../files/identity.ts');
  const kept = journal === undefined ? undefined : identityOf(journal);
  const files = new Set<string>();
  for (const { format, file } of targets) {
    if (file === STDOUT && json) {
      const reason = `--report ${format}:- and --json both write to stdout`;
      throw new AtcomError('usage', { reason, hint: 'give one of them a file' });
    }
    if (file !== STDOUT) await checkWritable(file, person);
    const one = file === STDOUT ? STDOUT : identityOf(file);
    if (files.has(one)) {
      const reason = `two reports are written to ${file}`;
      throw new AtcomError('usage', { reason, hint: 'give each its own file' });
    }
    if (one === kept) {
      const reason = `a report and the journal are both written to ${file}`;
      throw new AtcomError('usage', { reason, hint: 'give each its own file' });
    }
    files.add(one);
    if (file !== STDOUT) checkKept(file, REPORT);
  }
}

/**
 * Checks that a file can be written. Creates missing folders.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function checkWritable(path: string, person: Person): Promise<void> {
  const { access, constants, stat } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  const { makeFolder } = await import('../../files/make-folder.ts');
  try {
    checkLinks(path, person);
    await makeFolder(dirname(path));
    const known = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (known?.isDirectory() === true) throw new Error('it is a folder');
    if (known?.isSocket() === true) throw new Error('it is a socket');
    if (known !== undefined) checkPlanted(path, known, person);
    // A pipe of the shell is in a folder that nobody can write; a link may lead to where nothing is yet.
    await access(known === undefined ? dirname(path) : path, constants.W_OK);
    if (known === undefined && linksTo(path).length > 0) await access(dirname(placeOf(path)), constants.W_OK);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** How reports begin. One of JUnit may also be one that another program wrote. */
const STARTS: Readonly<Record<(typeof SCENARIO_FORMATS)[number], RegExp>> = {
  junit: /^(?:<\?xml [^>]*>\s*)?<testsuite/,
  tap: /^TAP version /,
  json: /^\{"schema":"atcom\/\d+","command":"test"/,
  html: /^<!DOCTYPE html>.*<title>atcom test: /s,
};

/** Nothing but a report is replaced by one. */
const REPORT: Kind = {
  name: 'a report',
  start: { test: (text) => Object.values(STARTS).some((start) => start.test(text)) },
};

/** The report that a file holds; undefined if it holds something else. */
export function reportIn(file: string): ReportTarget | undefined {
  const text = startOf(file, START) ?? '';
  const [format] = Object.entries(STARTS).find(([, start]) => start.test(text)) ?? [];
  return format === undefined ? undefined : { format, file };
}

/** Where reports go. */
export interface ReportWriting {
  readonly stdout: Writable;
  readonly person: Person;
  /** Ends the waiting for a reader of a pipe. */
  readonly signal: AbortSignal;
  /** Tells why one could not be written. */
  readonly complain: (error: AtcomError) => void;
}

/** Writes reports, and warns about those that cannot be written. */
export async function writeReports<Document>(
  targets: readonly ReportTarget[],
  document: Document,
  formats: Readonly<Record<string, Render<Document>>>,
  { stdout, person, signal, complain }: ReportWriting,
): Promise<void> {
  const { writeText } = await import('../../files/write.ts');
  for (const { format, file } of targets) {
    const render = formats[format];
    if (render === undefined) continue;
    if (file === STDOUT) stdout.write(render(document));
    else {
      try {
        // Also now: a journal may have begun there, or the run was refused before anything was checked.
        checkKept(file, REPORT);
        await writeText(file, render(document), { person, signal });
      } catch (error) {
        if (!isAtcomError(error)) throw error;
        complain(error);
      }
    }
  }
}
