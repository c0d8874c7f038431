import { hearSignal } from '../../abort.ts';
import { parseNumber } from '../../protocol/numbers.ts';
import { nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { whyUnknown } from '../../protocol/unknown-sender.ts';
import type { VerbProof } from '../../protocol/verb-events.ts';
import { verbSequence } from '../../protocol/verbs.ts';
import type { Context } from '../context.ts';
import { askFirst, checkAsking } from './ask-first.ts';
import { checkMacs } from './check-mac.ts';
import { showPlan } from './dry-run.ts';
import { expectationOf } from './expectation.ts';
import { type Job, KEY_SETTINGS, type Pressing } from './job.ts';
import { checkJournal, openJournal } from './journal.ts';
import { sendAll } from './send.ts';
import { prepareFiles, showReports, writeFiles } from './show-reports.ts';
import { checkOnce, selectPhones } from './targets.ts';
import { startVirtual } from './virtual.ts';

/**
 * What every command that presses keys does: select the phones, read the words for each, ask if needed, send, and
 * report. Anything wrong with the words or the targets is thrown before anything is sent.
 */
export async function press(context: Context, step: Pressing): Promise<void> {
  const { command, options } = step;
  const dry = options.dryRun === true || options.curl === true;
  const expectation = expectationOf(step);
  await checkHearing(context, step);
  const { phones, virtual } = await selectPhones(context, options);
  checkKnown(phones, expectation);
  checkOnce(phones);
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> } | undefined>(resource: T): T => {
    if (resource !== undefined) opened.unshift(resource);
    return resource;
  };
  try {
    // The virtual phone of this command reports to a listener of this command.
    const alone = virtual && phones.length === 0;
    const listening =
      expectation === undefined || dry
        ? undefined
        : keep(await context.listen(alone ? { port: 0, phones } : { phones }));
    const simulator = virtual ? keep(await startVirtual(context, listening)) : undefined;
    const jobs = await readJobs(context, step, [...phones, ...(simulator?.phones.slice(0, 1) ?? [])]);
    if (dry) return showPlan(context, { command, jobs, curl: options.curl === true, call: step.call });

    if (options.checkMac === true) await checkMacs(context, jobs, listening?.hub);
    await prepareFiles(context, options);
    const journal = keep(await openJournal(context, command, jobs, options, expectation));
    const { left, known } = journal ?? { left: jobs, known: [] };
    await askFirst(context, left, options.yes === true);

    const started = performance.now();
    const proving = listening &&
      expectation && { hub: listening.hub, expectation, afterAnswer: step.afterAnswer };
    const { reports: sent, bug } = await sendAll(context, left, options, { proving, journal });
    const ms = Math.round(performance.now() - started);
    const reports = [...known, ...sent];
    const failure = journal?.failure(sent);
    const selected = jobs.map(({ settings }) => ({ phone: nameOf(settings) }));
    const shown = { ms, written: options.ndjson === true, failure, selected, digits: step.afterAnswer };
    showReports(context, command, reports, shown);
    await writeFiles(context, command, reports, { ms, failure }, options.report);
    if (bug !== undefined) throw bug.cause;
  } finally {
    for (const resource of opened) await resource.close();
  }
}

/**
 * Validates a step for later, without pressing anything, and empties its reports of the last run: those of all steps of a
 * file go before its first key.
 *
 * @throws {AtcomError} the codes of bad input
 */
export async function checkPress(context: Context, step: Pressing): Promise<void> {
  const expectation = expectationOf(step);
  await checkHearing(context, step);
  const { options } = step;
  const { phones, virtual } = await selectPhones(context, options);
  checkKnown(phones, expectation);
  checkOnce(phones);
  const jobs = await readJobs(context, step, phones);
  if (options.dryRun === true || options.curl === true) return;
  checkAsking(context, jobs, options.yes === true);
  if (options.checkMac === true) await checkMacs(context, jobs);
  await prepareFiles(context, options);
  await checkJournal(context, step.command, virtual ? undefined : jobs, options);
}

/**
 * Digits for after the answer that are part of a number are pressed only if the config or the options say that events
 * are received. Otherwise, someone who wrote `555,1234` may not know that there is anything to wait for.
 *
 * @throws {AtcomError} `invalid-number`
 */
async function checkHearing(context: Context, { options, written }: Pressing): Promise<void> {
  if (written === undefined || options.wait !== undefined || options.confirm === true) return;
  if ((await context.config()).listener === undefined) parseNumber(written);
}

/**
 * That a phone has restarted, its web page shows, too.
 *
 * @throws {AtcomError} `no-reports`
 */
function checkKnown(phones: readonly PhoneSettings[], expectation: VerbProof | undefined): void {
  const unknown = expectation === undefined || expectation.restarts === true ? undefined : whyUnknown(phones);
  if (unknown !== undefined) throw unknown;
}

/** Signals are heard each time after so many phones, for which a thousand keys each are read in no time. */
const HEARD_AFTER = 20;

/** Reads the words for each phone. Flags override the environment, which overrides every file. */
async function readJobs(
  context: Context,
  { sequenceFor, afterAnswer, options: { timeout, delay } }: Pressing,
  phones: readonly PhoneSettings[],
): Promise<readonly Job[]> {
  const config = await context.config();
  // A thousand keys are read once, and not anew for each of 100,000 phones.
  const read = new Map<string, Omit<Job, 'settings'>>();
  const keysFor = (settings: PhoneSettings): Omit<Job, 'settings'> => {
    const decisive = JSON.stringify(KEY_SETTINGS.map((name) => settings[name]));
    const known = read.get(decisive);
    if (known !== undefined) return known;
    const sequence = sequenceFor(settings, config);
    const keys =
      afterAnswer === undefined
        ? { sequence }
        : { sequence, afterAnswer: verbSequence({ form: 'dtmf', number: afterAnswer }, settings) };
    read.set(decisive, keys);
    return keys;
  };
  const jobOf = async (phone: PhoneSettings): Promise<Job> => {
    const known = await config.settings(phone);
    const settings =
      timeout === undefined && delay === undefined
        ? known
        : { ...known, timeout: timeout ?? known.timeout, delay: delay ?? known.delay };
    return { settings, ...keysFor(settings) };
  };
  const jobs: Job[] = [];
  for (const [index, phone] of phones.entries()) {
    if (index % HEARD_AFTER === HEARD_AFTER - 1) await hearSignal(context.signal);
    jobs.push(await jobOf(phone));
  }
  return jobs;
}
