import type { Sequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { type VerbCall, verbSequence } from '../../protocol/verbs.ts';
import type { Context } from '../context.ts';
import type { Listening } from '../listen/listening.ts';
import type { PhoneOptions } from '../options.ts';
import { askFirst } from './ask-first.ts';
import { showPlan } from './dry-run.ts';
import { expectationOf } from './expectation.ts';
import { withJournal } from './journal.ts';
import { sendAll, sender } from './send.ts';
import { checkFiles, hinting, showReports, writeFiles } from './show-reports.ts';
import { selectPhones } from './targets.ts';
import { startVirtual } from './virtual.ts';

/** What a command presses on one phone; models and settings may differ from phone to phone. */
export type SequenceFor = (settings: PhoneSettings) => Sequence;

/** A phone and what is pressed on it. */
export interface Job {
  readonly settings: PhoneSettings;
  readonly sequence: Sequence;
}

/** A command that presses keys, as its words say. */
export interface Pressing {
  readonly command: string;
  readonly sequenceFor: SequenceFor;
  readonly options: PhoneOptions;
  /** The verb, where it is one; its events can confirm it. */
  readonly call?: VerbCall | undefined;
}

/** Presses what a verb stands for. */
export function pressVerb(context: Context, command: string, call: VerbCall, options: PhoneOptions) {
  return start(context, { command, sequenceFor: (settings) => verbSequence(call, settings), options, call });
}

/** Presses what a command's words say for each phone. */
export function press(context: Context, command: string, sequenceFor: SequenceFor, options: PhoneOptions) {
  return start(context, { command, sequenceFor, options });
}

/** In a batch a command is only checked now, and run later. */
async function start(context: Context, pressing: Pressing): Promise<void> {
  if (context.collect === undefined) return run(context, pressing);
  const check = async () => {
    expectationOf(pressing.options, pressing.command, pressing.call);
    const { phones } = await selectPhones(context, pressing.options);
    for (const phone of phones) jobOf(context, phone, pressing);
  };
  context.collect({ pressing, check, run: (later) => run(later, pressing) });
}

/**
 * The way of every command that presses keys: find the phones, read the words for each, ask where that is needed,
 * send, report. Whatever is wrong with the words or the targets is thrown before anything is sent.
 */
async function run(context: Context, pressing: Pressing): Promise<void> {
  const { command, options, call } = pressing;
  const expectation = expectationOf(options, command, call);
  const dry = options.dryRun === true || options.curl === true;
  const { phones, virtual } = await selectPhones(context, options);
  const opened: { close(): Promise<void> }[] = [];
  try {
    let listening: Listening | undefined;
    if (expectation !== undefined && !dry) {
      // The virtual phone of this command reports to a listener of this command.
      listening = await context.listen(virtual && phones.length === 0 ? { port: 0, phones } : { phones });
      opened.push(listening);
    }
    const simulator = virtual ? await startVirtual(listening) : undefined;
    if (simulator !== undefined) opened.unshift(simulator);
    const jobs = [...phones, ...(simulator?.phones.slice(0, 1) ?? [])].map((phone) =>
      jobOf(context, phone, pressing),
    );
    if (dry) return showPlan(context, command, jobs, options.curl === true);
    await checkFiles(options.report);
    const reboots = call?.form === 'reboot' && options.wait === undefined;
    const proving = listening && expectation ? { hub: listening.hub, expectation, reboots } : undefined;
    const journaled = await withJournal(
      context,
      command,
      jobs,
      options,
      await sender(context, options, proving),
    );
    opened.push(journaled);
    await askFirst(context, journaled.jobs, options.yes === true);
    const started = performance.now();
    const sent = await sendAll(context, journaled.jobs, options, hinting(context, journaled.send));
    const ms = Math.round(performance.now() - started);
    const reports = [...journaled.known, ...sent];
    showReports(context, command, reports, ms, options.ndjson === true);
    await writeFiles(context, command, reports, ms, options.report);
  } finally {
    for (const server of opened) await server.close();
  }
}

/** Flags win over the environment, and that over every file. */
function jobOf(context: Context, phone: PhoneSettings, { sequenceFor, options }: Pressing): Job {
  const { timeout, delay } = options;
  const known = context.settings(phone);
  const settings =
    timeout === undefined && delay === undefined
      ? known
      : { ...known, timeout: timeout ?? known.timeout, delay: delay ?? known.delay };
  return { settings, sequence: sequenceFor(settings) };
}
