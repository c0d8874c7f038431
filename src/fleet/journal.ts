import { AtcomError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { quoteShellWord } from '../shell.ts';
import { diskAt, Replaced } from './journal-disk.ts';
import { unusable } from './journal-error.ts';
import type { JournaledReport, JournalState } from './journal-facts.ts';
import { JournalFile } from './journal-file.ts';
import { syncFolder, withJournalFile } from './journal-open.ts';
import { headerOf, isUnused, type JournalRun, readLines, runFact } from './journal-text.ts';

const GONE =
  'continue only the file that the run wrote to, if you still have it: a copy does not know which phones were pressed later';

export type { JournalItem } from './journal-text.ts';

/**
 * The record of a run on disk: the intent before each request, and the outcome after it. A run that died can continue
 * from it without pressing a key twice. Each line is one fact, as JSON.
 */
export class Journal<Report extends JournaledReport> {
  readonly state: JournalState<Report>;
  readonly #path: string;
  readonly #file: JournalFile;

  private constructor(path: string, file: JournalFile, state: JournalState<Report>) {
    this.#path = path;
    this.#file = file;
    this.state = state;
  }

  /**
   * Starts a journal in a new file, or in one that records no phone yet.
   *
   * @throws {AtcomError} `journal` if the file holds anything else, is in use or cannot be written
   */
  static begin<R extends JournaledReport>(path: string, run: JournalRun): Promise<Journal<R>> {
    return withJournalFile(path, { fresh: true, person: run.person }, async (handle, content, claim) => {
      if (!isUnused(content.toString())) {
        throw unusable(path, 'it exists already', 'use --resume to continue it, or another file');
      }
      await claim();
      await handle.truncate(0);
      const file = new JournalFile(diskAt(path, handle));
      await Promise.all([headerOf(run), runFact(run)].map((line) => file.append(line)));
      await syncFolder(path);
      return new Journal<R>(path, file, { done: new Map(), inFlight: new Set(), runs: new Map() });
    });
  }

  /**
   * Continues the journal of an earlier run of the same sequence on the same phones.
   *
   * @throws {AtcomError} `journal` if it belongs to another run, is in use, was edited, or is not a journal
   */
  static resume<R extends JournaledReport>(path: string, run: JournalRun): Promise<Journal<R>> {
    return withJournalFile(path, { fresh: false, person: run.person }, async (handle, content, claim) => {
      const { facts, end, open } = readLines(path, content, run);
      const { readState } = await import('./journal-facts.ts');
      const state = readState<R>(path, facts, run.items);
      await claim();
      await handle.truncate(end);
      const file = new JournalFile(diskAt(path, handle), end);
      // The last line stays where it is: it may say that a phone was pressed, and there may be no room to write it again.
      await Promise.all([...(open ? [file.endLine()] : []), file.append(runFact(run))]);
      return new Journal<R>(path, file, state);
    });
  }

  /**
   * Settles once the intent to press a phone is on disk.
   *
   * @throws {AtcomError} `journal`: it could not be written, and neither can anything after it; the phone must not be
   * pressed
   */
  intend(host: string): Promise<void> {
    return this.#append({ intent: host });
  }

  /**
   * Settles once the outcome is on disk.
   *
   * @throws {AtcomError} `journal`: it could not be written, and neither can anything after it
   */
  record(report: Report): Promise<void> {
    const { error } = report;
    const written = error === undefined ? {} : { error: { ...error.toJSON(), details: error.details } };
    return this.#append({ outcome: { ...report, ...written } });
  }

  /** Closes the file, and unlocks it for the next run. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #append(fact: unknown): Promise<void> {
    return this.#file.append(fact).catch((cause: Error) => {
      const gone = cause instanceof Replaced;
      const hint = gone
        ? GONE
        : `make room for it, then continue with --resume ${quoteShellWord(this.#path)}`;
      const details = { file: this.#path, reason: reasonOf(cause), hint, begun: true, gone };
      throw new AtcomError('journal', details, { cause });
    });
  }
}
