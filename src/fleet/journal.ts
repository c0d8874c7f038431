import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { AtcomError } from '../errors.ts';
import { JournalFile } from './journal-file.ts';
import { takeLock } from './lock.ts';

/** One phone of a run and what is pressed on it. */
export interface JournalItem {
  readonly phone: string;
  readonly host: string;
  /** The text of the sequence. */
  readonly sequence: string;
}

/** What a journal knows of an outcome; the report it was made from has more. */
export interface JournaledReport {
  readonly phone: string;
  readonly host: string;
  readonly outcome: string;
  readonly error?: { readonly code: string; readonly retryable: boolean };
}

interface Header {
  readonly schema: 'atcom-journal/1';
  readonly command: string;
  readonly phones: number;
  readonly fingerprint: string;
}

/** What is left to do, by the journal of an earlier run. */
export interface JournalState<Report> {
  /** Outcomes that are known, by host; the last one counts. */
  readonly done: ReadonlyMap<string, Report>;
  /** Phones whose request may have left, and whose outcome was never written. */
  readonly inFlight: ReadonlySet<string>;
}

/**
 * The record of a run on disk: before a request leaves, its intent is written, and after it its outcome, so that a run
 * that died can be taken up again without pressing a key twice. A line a fact, as JSON.
 */
export class Journal<Report extends JournaledReport> {
  readonly state: JournalState<Report>;
  readonly #file: JournalFile;
  readonly #unlock: () => Promise<void>;

  private constructor(file: JournalFile, state: JournalState<Report>, unlock: () => Promise<void>) {
    this.#unlock = unlock;
    this.#file = file;
    this.state = state;
  }

  /**
   * Begins a journal in a new file.
   *
   * @throws {AtcomError} `journal` where the file exists or cannot be written
   */
  static begin<R extends JournaledReport>(path: string, command: string, items: readonly JournalItem[]) {
    return locked(path, async (unlock) => {
      const file = new JournalFile(await openFile(path, 'ax'));
      await file.append(headerOf(command, items));
      return new Journal<R>(file, { done: new Map(), inFlight: new Set() }, unlock);
    });
  }

  /**
   * Takes up the journal of an earlier run of the same sequence on the same phones.
   *
   * @throws {AtcomError} `journal` where it is of another run, in use by one, or no journal at all
   */
  static resume<R extends JournaledReport>(path: string, command: string, items: readonly JournalItem[]) {
    return locked(path, async (unlock) => {
      const text = await readFile(path, 'utf8').catch((error: Error) => {
        throw new AtcomError('journal', { file: path, reason: error.message, hint: 'check the path' });
      });
      // A line that was being written when the process died is no fact yet.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const state = stateOf<R>(checked(path, whole, headerOf(command, items)));
      const handle = await openFile(path, 'r+');
      const size = Buffer.byteLength(whole);
      await handle.truncate(size);
      return new Journal<R>(new JournalFile(handle, size), state, unlock);
    });
  }

  /** Settles once it is on disk that a phone is about to be pressed. */
  intend(host: string): Promise<void> {
    return this.#file.append({ intent: host });
  }

  /** Settles once an outcome is on disk. */
  record(report: Report): Promise<void> {
    return this.#file.append({ outcome: report });
  }

  /** Closes the file, and leaves it to the next run. */
  async close(): Promise<void> {
    await this.#file.close();
    await this.#unlock();
  }
}

async function locked<T>(path: string, begin: (unlock: () => Promise<void>) => Promise<T>): Promise<T> {
  const unlock = await keepToOneRun(path);
  try {
    return await begin(unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Two runs that go on with the same journal would press the same phones. */
async function keepToOneRun(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  const fail = (reason: string, cause?: unknown) => {
    const hint = `check its folder; if no run has it any more, remove ${file}`;
    return new AtcomError('journal', { file: path, reason, hint }, { cause });
  };
  const lock = await takeLock(file).catch((error: Error) => {
    throw fail(error.message, error);
  });
  if ('owner' in lock) throw fail(`another run has it (process ${lock.owner})`);
  return lock.unlock;
}

async function openFile(path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [reason, hint] =
      code === 'EEXIST'
        ? ['it exists already', 'use --resume to go on with it, or another file']
        : [message, 'check its folder and its permissions'];
    throw new AtcomError('journal', { file: path, reason, hint }, { cause: error });
  }
}

/** The facts of a journal, once its first line shows that it is of this run. */
function checked(path: string, text: string, expected: Header): readonly unknown[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const [header, ...facts] = lines.map((line, index) => parseLine(path, line, index));
  if ((header as Partial<Header> | null | undefined)?.schema !== expected.schema) {
    throw new AtcomError('journal', {
      file: path,
      reason: 'it is no journal of atcom',
      hint: 'check the path',
    });
  }
  if ((header as Header).fingerprint !== expected.fingerprint) {
    throw new AtcomError('journal', {
      file: path,
      reason: 'it is of another sequence or of other phones',
      hint: 'give the command and the targets it was begun with',
    });
  }
  return facts;
}

/** The order of the phones does not matter, what is pressed on each does. */
function headerOf(command: string, items: readonly JournalItem[]): Header {
  const hash = createHash('sha256');
  for (const line of items.map(({ host, sequence }) => `${host} ${sequence}`).sort())
    hash.update(`${line}\n`);
  return { schema: 'atcom-journal/1', command, phones: items.length, fingerprint: hash.digest('hex') };
}

function parseLine(path: string, line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = `line ${index + 1} is broken`;
    throw new AtcomError(
      'journal',
      { file: path, reason, hint: 'give a journal as it was written' },
      { cause: error },
    );
  }
}

function stateOf<R extends JournaledReport>(facts: readonly unknown[]): JournalState<R> {
  const done = new Map<string, R>();
  const inFlight = new Set<string>();
  for (const fact of facts as { intent?: string; outcome?: R }[]) {
    if (fact.intent !== undefined) {
      inFlight.add(fact.intent);
      done.delete(fact.intent);
    }
    if (fact.outcome !== undefined) {
      inFlight.delete(fact.outcome.host);
      done.set(fact.outcome.host, fact.outcome);
    }
  }
  return { done, inFlight };
}
