import { AtcomError, isAtcomError } from '../../errors.ts';
import type { Journal, JournalItem } from '../../fleet/journal.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { visible } from '../output/text.ts';
import { type Job, jobText } from './job.ts';

/** The journal of a run: what is left to send, what is known already, and where each press is recorded. */
export interface RunJournal {
  readonly left: readonly Job[];
  readonly known: readonly ProvenReport[];
  /** What the phones that are pressed again came to before, by host. */
  readonly before: ReadonlyMap<string, string>;
  /** Tells whether it is on disk that a phone is about to be pressed; it must not be pressed if not. */
  intend(job: Job): Promise<boolean>;
  /** Settles once an outcome is on disk, or cannot be written any more. */
  record(report: ProvenReport): Promise<void>;
  /** Aborted when the journal cannot be written any more: no phone may be pressed after that. */
  readonly unwritten: AbortSignal;
  /** Why the run ended before its end; undefined where that was not for the journal's sake. */
  failure(sent: readonly ProvenReport[]): AtcomError<'journal'> | undefined;
  close(): Promise<void>;
}

/**
 * Opens the journal of a run, where one is asked for. With `--resume`, phones whose outcome is known are not pressed,
 * nor those whose request may have left when the earlier run died: these are reported as `unknown`. With
 * `--retry-failed`, only phones on which nothing was done are pressed.
 *
 * @throws {AtcomError} `journal`, `usage`
 */
export async function openJournal(
  context: Context,
  command: string,
  jobs: readonly Job[],
  { journal: path, resume, retryFailed }: PhoneOptions,
): Promise<RunJournal | undefined> {
  const given = [path, resume, retryFailed].filter((file) => file !== undefined);
  const [file] = given;
  if (file === undefined) return undefined;
  if (given.length > 1) {
    const reason = '--journal, --resume and --retry-failed exclude each other';
    throw new AtcomError('usage', { reason, hint: 'give one of them; --resume and --retry-failed write on' });
  }
  const { Journal } = await import('../../fleet/journal.ts');
  const run = { command, items: jobs.map(itemOf), process: context.pid };
  const journal = await (path === undefined
    ? Journal.resume<ProvenReport>(file, run)
    : Journal.begin<ProvenReport>(file, run));
  try {
    const state =
      retryFailed === undefined ? await leftToDo(journal, jobs) : failedOnes(context, journal, jobs);
    return { ...state, ...recording(journal), close: () => journal.close() };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/**
 * Finds out beforehand that a journal cannot be begun or taken up, as far as that shows without its lock.
 *
 * @throws {AtcomError} `journal`
 */
export async function checkJournal({ journal, resume, retryFailed }: PhoneOptions): Promise<void> {
  const file = journal ?? resume ?? retryFailed;
  if (file === undefined) return;
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (journal === undefined && text === undefined) {
    throw new AtcomError('journal', { file, reason: 'there is no such file', hint: 'check the path' });
  }
  const { isUnused } = await import('../../fleet/journal-text.ts');
  if (journal !== undefined && text !== undefined && !isUnused(text)) {
    const hint = 'use --resume to go on with it, or another file';
    throw new AtcomError('journal', { file, reason: 'it exists already', hint });
  }
}

function itemOf(job: Job): JournalItem {
  const { settings } = job;
  const host = hostText(endpointOf(settings));
  return { phone: settings.name ?? host, host, sequence: jobText(job) };
}

/** What is known is told, also where it cannot be written down: that is no reason to lose it. */
function recording(
  journal: Journal<ProvenReport>,
): Pick<RunJournal, 'intend' | 'record' | 'unwritten' | 'failure'> {
  const unwritten = new AbortController();
  const written = (writing: Promise<void>) =>
    writing.then(
      () => true,
      (error: unknown) => {
        unwritten.abort(error);
        return false;
      },
    );
  return {
    intend: (job) => written(journal.intend(itemOf(job).host)),
    record: async (report) => void (await written(journal.record(report))),
    unwritten: unwritten.signal,
    failure: (sent) => {
      const cause: unknown = unwritten.signal.reason;
      if (!isAtcomError(cause) || cause.code !== 'journal') return undefined;
      const begun = sent.some(({ outcome }) => outcome !== 'skipped');
      return new AtcomError('journal', { ...cause.details, begun }, { cause });
    },
  };
}

/** What an earlier run left to do, and what it came to. */
type State = Pick<RunJournal, 'left' | 'known' | 'before'>;

async function leftToDo(journal: Journal<ProvenReport>, jobs: readonly Job[]): Promise<State> {
  const { done, inFlight } = journal.state;
  const known = jobs.flatMap((job) => {
    const item = itemOf(job);
    const report = done.get(item.host);
    // Stopped before its first request, a phone is still to be pressed; after it, its keys are half pressed.
    if (report !== undefined) return errorOf(report)?.code === 'skipped' ? [] : [report];
    return inFlight.has(item.host) ? [lost(item)] : [];
  });
  for (const report of known) if (inFlight.has(report.host)) await journal.record(report);
  const settled = new Set(known.map(({ host }) => host));
  return { left: jobs.filter((job) => !settled.has(itemOf(job).host)), known, before: new Map() };
}

/** Phones on which nothing was done; the others that failed stay as they are, because keys may have been pressed. */
function failedOnes({ output }: Context, journal: Journal<ProvenReport>, jobs: readonly Job[]): State {
  const { done, inFlight } = journal.state;
  const again = new Map<string, string>();
  const known: ProvenReport[] = [];
  for (const job of jobs) {
    const item = itemOf(job);
    const report = done.get(item.host);
    if (inFlight.has(item.host)) known.push(lost(item));
    else if (report === undefined || errorOf(report) === undefined) continue;
    else if (errorOf(report)?.retryable === true) again.set(item.host, report.outcome);
    else known.push(report);
  }
  if (known.length > 0 && !output.quiet) {
    const names = known.map(({ phone, outcome }) => `${phone} (${outcome})`).join(', ');
    output.note(() => visible(`not pressed again, only unreachable and approval are: ${names}`));
  }
  return { left: jobs.filter((job) => again.has(itemOf(job).host)), known, before: again };
}

function errorOf(report: ProvenReport): AtcomError | undefined {
  return 'error' in report ? report.error : undefined;
}

function lost({ phone, host }: JournalItem): ProvenReport {
  const reason = 'was about to be pressed, or was being pressed, when the earlier run ended';
  const error = new AtcomError('unknown', { host, reason });
  return { phone, host, outcome: 'unknown', ms: 0, requests: [], error };
}
