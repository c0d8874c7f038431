import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Person } from '../files/secret.ts';
import { quoteShellWord } from '../shell.ts';
import { unusable } from './journal-error.ts';

/** A phone of a run, and what is pressed on it. */
export interface JournalItem {
  readonly phone: string;
  readonly host: string;
  /** The text of the sequence. */
  readonly sequence: string;
}

/** What a journal is about, and who writes it. */
export interface JournalRun {
  readonly command: string;
  readonly items: readonly JournalItem[];
  /** The process id, for other runs that find the journal in use. */
  readonly process: number;
  /** The user who runs it, if the owner of the file matters. */
  readonly person?: Person | undefined;
}

/** The first line of a journal. */
interface Header {
  readonly schema: 'atcom-journal/1';
  readonly command: string;
  readonly phones: number;
  readonly fingerprint: string;
}

/** How the first line begins. */
const START = '{"schema":"atcom-journal/1"';

/** A part of the first line, which holds nothing but texts and numbers. */
const HALF = /^\{"schema":"atcom-journal\/1"[^{}\0]*$/;

/** More than is written before the first phone. Zeros in a larger file are in place of something else. */
const MOST_AT_FIRST = 512;

const NO_JSON = 'is no JSON';

/** The first line of a journal. */
export function headerOf({ command, items }: JournalRun): Header {
  const hash = createHash('sha256');
  for (const line of items.map(({ host, sequence }) => `${host} ${sequence}`).sort())
    hash.update(`${line}\n`);
  return { schema: 'atcom-journal/1', command, phones: items.length, fingerprint: hash.digest('hex') };
}

/** The line that names the process that writes from here on. */
export function runFact({ process }: JournalRun) {
  return { run: { process, host: hostname(), at: new Date().toISOString() } };
}

/**
 * Whether no phone was recorded yet: the disk was full at once, or the run ended before its first phone. No key is pressed
 * before the first line is flushed, so a part of it is enough. Only a file that starts like a journal counts as unused;
 * any other file may be anything.
 */
export function isUnused(text: string): boolean {
  const { lines, rest } = linesOf(text);
  const whole = parse(rest) === undefined ? lines : [...lines, rest];
  const [header, ...facts] = whole;
  if (text.length > MOST_AT_FIRST && (header === undefined || text.endsWith('\0'))) return false;
  if (header === undefined) return START.startsWith(rest) || HALF.test(rest);
  // A file that lost its line ends on its way may hold everything in one line.
  if (whole === lines && !isCutOff(rest)) return false;
  const unbroken = whole.every((line) => parse(line) !== undefined);
  return unbroken && header.startsWith(START) && facts.every((fact) => fact.startsWith('{"run":'));
}

/**
 * Splits a journal into its lines and what follows them. Zeros at the end are room that was never written to: some file
 * systems leave them after a power cut.
 */
function linesOf(text: string): { readonly lines: readonly string[]; readonly rest: string } {
  let end = text.length;
  while (text[end - 1] === '\0') end -= 1;
  const lines = text.slice(0, end).split('\n');
  const rest = lines.pop() ?? '';
  return { lines, rest };
}

/** The same in bytes, without what follows. */
function lengthOf(content: Buffer): number {
  let end = content.length;
  while (content[end - 1] === 0) end -= 1;
  return end;
}

/** Whether this can be the beginning of a line: nothing in it is whole. */
function isCutOff(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (const [token] of text.matchAll(/\\.|["{}]/gs)) {
    if (token === '"') quoted = !quoted;
    else if (!quoted && token === '{') depth += 1;
    else if (!quoted && token === '}') depth -= 1;
    if (depth === 0 && token === '}') return false;
  }
  return text === '' || text.startsWith('{');
}

/** The lines of a journal after the first. */
export interface Lines {
  readonly facts: readonly unknown[];
  /** Where the last complete line ends, in bytes. An incomplete line after it is ignored. */
  readonly end: number;
  /** Whether that line lacks its line end: a process died while writing it, or an editor took it away. */
  readonly open: boolean;
}

/**
 * Reads the lines of a journal.
 *
 * @throws {AtcomError} `journal` for a line that is not JSON, and if this is not the journal of this run
 */
export function readLines(path: string, content: Buffer, run: JournalRun): Lines {
  const text = content.toString();
  const { lines, rest } = linesOf(text);
  const last = parse(rest);
  const [header, ...facts] = lines.map((line, index) => parse(line) ?? broken(path, index + 1, NO_JSON));
  if (lines.length === 0 && isUnused(text)) {
    const anew = `--journal ${quoteShellWord(path)}`;
    if (text === '') throw unusable(path, 'it is empty', `check the path, or begin it with ${anew}`);
    const reason = 'its first line was never written whole, so its run pressed no phone';
    throw unusable(path, reason, `begin it again with ${anew}`);
  }
  if (last === undefined && !isCutOff(rest)) broken(path, lines.length + 1, NO_JSON);
  checkHeader(path, header, headerOf(run));
  // Of the bytes: those of another encoding are read as longer ones, and the rest would be written after a gap.
  if (last === undefined) return { facts, end: content.lastIndexOf('\n') + 1, open: false };
  return { facts: [...facts, last], end: lengthOf(content), open: true };
}

function checkHeader(path: string, found: unknown, wanted: Header): void {
  const header = (found ?? {}) as Partial<Header>;
  if (header.schema !== wanted.schema) {
    throw unusable(path, 'it is not a journal of atcom', 'check the path');
  }
  if (header.fingerprint !== wanted.fingerprint) {
    const reason = 'it is of another sequence or of other phones';
    throw unusable(path, reason, 'give the command and the targets it was started with');
  }
}

/** The error for a line that this program cannot have written. */
export function broken(path: string, line: number, reason: string): never {
  throw unusable(path, `line ${line} ${reason}`, 'give a journal as it was written');
}

/** Parses a line of JSON; undefined if it is invalid. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
