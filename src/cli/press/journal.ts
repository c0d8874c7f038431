import { visible } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import type { Journal, JournalItem } from '../../fleet/journal.ts';
import type { JournalRun } from '../../fleet/journal-text.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { VerbProof } from '../../protocol/verb-events.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { type Job, jobText } from './job.ts';

/** The journal of a run: what is left to send, what is already known, and where each press is recorded. */
export interface RunJournal {
  readonly left: readonly Job[];
  readonly known: readonly ProvenReport[];
  /** The earlier reports of the phones that are pressed again, by host. */
  readonly before: ReadonlyMap<string, ProvenReport>;
  /** Resolves to whether the intent to press a phone is on disk. If not, the phone must not be pressed. */
  intend(job: Job): Promise<boolean>;
  /** Settles once an outcome is on disk, or can no longer be written. */
  record(report: ProvenReport): Promise<void>;
  /** Aborted when the journal can no longer be written: no phone may be pressed after that. */
  readonly unwritten: AbortSignal;
  /** Why the run ended early; undefined if the journal was not the cause. */
  failure(sent: readonly ProvenReport[]): AtcomError<'journal'> | undefined;
  close(): Promise<void>;
}

/**
 * Opens the journal of a run, if it has one. With `--resume`, phones with a known outcome are not pressed, and neither
 * are those whose request may have been sent when the earlier run died: these are reported as `unknown`. With
 * `--retry-failed`, only phones on which nothing was done are pressed; those not reached yet are reported as `skipped`.
 *
 * @throws {AtcomError} `journal`, `usage`
 */
export async function openJournal(
  context: Context,
  command: string,
  jobs: readonly Job[],
  options: PhoneOptions,
  expectation: VerbProof | undefined,
): Promise<RunJournal | undefined> {
  const { output } = context;
  const { journal: path, retryFailed } = options;
  const file = fileOf(options);
  if (file === undefined) return undefined;
  const { Journal } = await import('../../fleet/journal.ts');
  const run = runOf(context, command, jobs);
  const journal = await (path === undefined
    ? Journal.resume<ProvenReport>(file, run)
    : Journal.begin<ProvenReport>(file, run));
  try {
    const state =
      retryFailed === undefined ? await leftToDo(journal, jobs) : failedOnes(context, journal, jobs);
    const known = state.known.map((report) => ofEarlierRun(report, journal.state.runs, expectation));
    if (state.left.length === 0 && !output.quiet)
      output.note(() => 'nothing was pressed: the journal has no phone left to press');
    return { ...state, known, ...recording(journal, state.before), close: () => journal.close() };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function runOf({ pid, configContext }: Context, command: string, jobs: readonly Job[]): JournalRun {
  return { command, items: jobs.map(itemOf), process: pid, person: configContext };
}

/** @throws {AtcomError} `usage` */
function fileOf({ journal, resume, retryFailed }: PhoneOptions): string | undefined {
  const given = [journal, resume, retryFailed].filter((file) => file !== undefined);
  if (given.length > 1) {
    const reason = '--journal, --resume and --retry-failed exclude each other';
    throw new AtcomError('usage', {
      reason,
      hint: 'use one of them; --resume and --retry-failed append to the journal',
    });
  }
  return given[0];
}

/**
 * Fails early if a journal cannot be started or continued, as far as that can be seen without its lock.
 *
 * @param jobs - undefined if there will be another one, of the virtual phone
 * @throws {AtcomError} `journal`, `unwritable-file`, `usage`
 */
export async function checkJournal(
  context: Context,
  command: string,
  jobs: readonly Job[] | undefined,
  options: PhoneOptions,
): Promise<void> {
  const { journal } = options;
  const file = fileOf(options);
  if (file === undefined) return;
  const { peekAtJournal } = await import('../../fleet/journal-open.ts');
  const text = peekAtJournal(file);
  if (journal === undefined && text === undefined) {
    throw new AtcomError('journal', { file, reason: 'there is no such file', hint: 'check the path' });
  }
  const { isUnused, readLines } = await import('../../fleet/journal-text.ts');
  if (journal !== undefined && text !== undefined && !isUnused(text)) {
    const hint = 'use --resume to continue it, or another file';
    throw new AtcomError('journal', { file, reason: 'it exists already', hint });
  }
  if (journal === undefined && text !== undefined && jobs !== undefined)
    readLines(file, Buffer.from(text), runOf(context, command, jobs));
  const { checkWritable } = await import('../reports/index.ts');
  await checkWritable(file, context.configContext);
}

function itemOf(job: Job): JournalItem {
  const { settings } = job;
  const host = hostText(endpointOf(settings));
  return { phone: nameOf(settings), host, sequence: jobText(job) };
}

/** Outcomes are reported even if they cannot be recorded, so that they are not lost. */
function recording(
  journal: Journal<ProvenReport>,
  before: State['before'],
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
    record: async (report) => {
      // What was not tried again failed as before, and can be retried as before.
      const earlier = errorOf(report)?.code === 'skipped' ? before.get(report.host) : undefined;
      await written(journal.record(earlier ?? report));
    },
    unwritten: unwritten.signal,
    failure: (sent) => {
      const cause: unknown = unwritten.signal.reason;
      if (!isAtcomError(cause) || cause.code !== 'journal') return undefined;
      const begun = sent.some(({ outcome }) => outcome !== 'skipped');
      return new AtcomError('journal', { ...cause.details, begun }, { cause });
    },
  };
}

/** What an earlier run left to do, and its outcomes. */
type State = Pick<RunJournal, 'left' | 'known' | 'before'>;

async function leftToDo(journal: Journal<ProvenReport>, jobs: readonly Job[]): Promise<State> {
  const { done, inFlight } = journal.state;
  const known = jobs.flatMap((job) => {
    const item = itemOf(job);
    const report = done.get(item.host);
    // A phone that was stopped before its first request is still to be pressed; after it, only some of its keys were
    // pressed.
    if (report !== undefined) return errorOf(report)?.code === 'skipped' ? [] : [report];
    return inFlight.has(item.host) ? [lost(item)] : [];
  });
  for (const report of known) if (inFlight.has(report.host)) await journal.record(report);
  const settled = new Set(known.map(({ host }) => host));
  return { left: jobs.filter((job) => !settled.has(itemOf(job).host)), known, before: new Map() };
}

/** Phones on which nothing was done. The other failures are not retried, because keys may have been pressed. */
function failedOnes({ output }: Context, journal: Journal<ProvenReport>, jobs: readonly Job[]): State {
  const { done, inFlight } = journal.state;
  const again = new Map<string, ProvenReport>();
  const known: ProvenReport[] = [];
  const untried: ProvenReport[] = [];
  for (const job of jobs) {
    const item = itemOf(job);
    const report = inFlight.has(item.host) ? lost(item) : done.get(item.host);
    const error = report && errorOf(report);
    if (report === undefined || error?.code === 'skipped') untried.push(notReached(item));
    else if (error?.retryable === true) again.set(item.host, report);
    else if (error !== undefined) known.push(report);
  }
  if (!output.quiet && known.length > 0) {
    const names = known.map(({ phone, outcome }) => `${phone} (${outcome})`).join(', ');
    output.note(() => visible(`not pressed again, only unreachable and approval are: ${names}`));
  }
  const left = jobs.filter((job) => again.has(itemOf(job).host));
  return { left, known: [...known, ...untried], before: again };
}

/**
 * What is known of a phone that is not pressed by this run. Its keys are not proven to one that waits for an event, if
 * the earlier run waited for none.
 */
function ofEarlierRun(
  report: ProvenReport,
  runs: ReadonlyMap<string, string>,
  expectation: VerbProof | undefined,
): ProvenReport {
  const earlier = runs.get(report.host);
  const marked = earlier === undefined ? report : { ...report, earlier };
  if (expectation === undefined || report.outcome !== 'ok') return marked;
  const error = new AtcomError('unwatched', {
    events: expectation.events,
    reason: 'an earlier run pressed them',
  });
  return { ...marked, outcome: 'unconfirmed', error };
}

function errorOf(report: ProvenReport): AtcomError | undefined {
  return 'error' in report ? report.error : undefined;
}

function notReached({ phone, host }: JournalItem): ProvenReport {
  const error = new AtcomError('skipped', { reason: 'the earlier run did not come to it', untried: true });
  return { phone, host, outcome: 'skipped', ms: 0, requests: [], error };
}

function lost({ phone, host }: JournalItem): ProvenReport {
  const reason = 'was about to be pressed, or was being pressed, when the earlier run ended';
  const error = new AtcomError('unknown', { host, reason });
  return { phone, host, outcome: 'unknown', ms: 0, requests: [], error };
}
