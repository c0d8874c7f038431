import { AtcomError, type ErrorJson } from '../../errors.ts';
import type { Journal, JournaledReport, JournalItem } from '../../fleet/journal.ts';
import { hostText } from '../../protocol/command-url.ts';
import { formatSequence } from '../../protocol/sequence.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { ProvenReport } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { visible } from '../output/text.ts';
import type { Job } from './job.ts';

/** The journal of a run: what is left to send, what is known already, and where each press is recorded. */
export interface RunJournal {
  readonly left: readonly Job[];
  readonly known: readonly ProvenReport[];
  /** Settles once it is on disk that a phone is about to be pressed. */
  intend(job: Job): Promise<void>;
  /** Settles once an outcome is on disk. */
  record(report: ProvenReport): Promise<void>;
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
  const items = jobs.map(itemOf);
  const journal =
    path === undefined
      ? await Journal.resume<Recorded>(file, command, items)
      : await Journal.begin<Recorded>(file, command, items);
  const state =
    retryFailed === undefined ? await leftToDo(journal, jobs) : failedOnes(context, journal, jobs);
  return {
    left: state.jobs,
    known: state.known,
    intend: (job) => journal.intend(itemOf(job).host),
    record: (report) => journal.record(toRecord(report)),
    close: () => journal.close(),
  };
}

function itemOf({ settings, sequence }: Job): JournalItem {
  const host = hostText(endpointOf(settings));
  return { phone: settings.name ?? host, host, sequence: formatSequence(sequence) };
}

async function leftToDo(journal: Journal<Recorded>, jobs: readonly Job[]) {
  const { done, inFlight } = journal.state;
  const known = jobs.flatMap((job) => {
    const item = itemOf(job);
    const report = done.get(item.host);
    // Stopped before its first request, a phone is still to be pressed; after it, its keys are half pressed.
    if (report !== undefined) return report.error?.code === 'skipped' ? [] : [fromRecord(report)];
    return inFlight.has(item.host) ? [lost(item)] : [];
  });
  for (const report of known) if (inFlight.has(report.host)) await journal.record(toRecord(report));
  const settled = new Set(known.map(({ host }) => host));
  return { jobs: jobs.filter((job) => !settled.has(itemOf(job).host)), known };
}

/** Phones on which nothing was done; the others that failed stay as they are, because keys may have been pressed. */
function failedOnes({ output }: Context, journal: Journal<Recorded>, jobs: readonly Job[]) {
  const { done, inFlight } = journal.state;
  const again = new Set<string>();
  const known: ProvenReport[] = [];
  for (const job of jobs) {
    const item = itemOf(job);
    const report = done.get(item.host);
    if (inFlight.has(item.host)) known.push(lost(item));
    else if (report?.error?.retryable === true) again.add(item.host);
    else if (report?.error !== undefined) known.push(fromRecord(report));
  }
  if (known.length > 0 && !output.quiet) {
    const names = known.map(({ phone, outcome }) => `${phone} (${outcome})`).join(', ');
    output.note(() => visible(`not pressed again, only unreachable and approval are: ${names}`));
  }
  return { jobs: jobs.filter((job) => again.has(itemOf(job).host)), known };
}

/** A report as it is written: its error as in `--json`, with the details it can be made from again. */
interface Recorded extends JournaledReport {
  readonly error?: ErrorJson & { readonly details: never };
}

function toRecord(report: ProvenReport): Recorded {
  const { phone, host, outcome } = report;
  if (!('error' in report)) return { ...report, phone, host, outcome };
  return { ...report, error: { ...report.error.toJSON(), details: report.error.details as never } };
}

function fromRecord(record: Recorded): ProvenReport {
  const { error } = record;
  const report =
    error === undefined ? record : { ...record, error: new AtcomError(error.code, error.details) };
  return report as unknown as ProvenReport;
}

function lost({ phone, host }: JournalItem): ProvenReport {
  const reason = 'was about to be pressed, or was being pressed, when the earlier run ended';
  return {
    phone,
    host,
    outcome: 'unknown',
    ms: 0,
    requests: [],
    error: new AtcomError('unknown', { host, reason }),
  };
}
