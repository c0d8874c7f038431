import type { Config } from '../../config/index.ts';
import { readApprovals } from '../../doctor/approvals.ts';
import { examine } from '../../doctor/examine.ts';
import { type Finding, worstExitCode } from '../../doctor/finding.ts';
import { HARMLESS_KEY, harmlessKey } from '../../doctor/harmless.ts';
import type { Subject } from '../../doctor/subject.ts';
import { AtcomError, isAtcomError, stoppedBy } from '../../errors.ts';
import { runFleet } from '../../fleet/run-fleet.ts';
import { hostText } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { parseSequence } from '../../protocol/sequence.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Listening } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { startListening } from '../listen/start-listening.ts';
import type { PhoneOptions, TargetOptions } from '../options.ts';
import { showProgress } from '../output/progress.ts';
import { askFirst } from '../press/ask-first.ts';
import { showExchange } from '../press/send.ts';
import { targetText } from '../press/target-text.ts';
import { checkOnce, namesNobody, selectPhones } from '../press/targets.ts';
import { startVirtual } from '../press/virtual.ts';
import { beginText, examinedText } from './findings-text.ts';

/** The options of `atcom doctor`. */
export interface DoctorOptions extends TargetOptions, Pick<PhoneOptions, 'timeout' | 'yes'> {
  /** False with `--no-key`. */
  readonly key?: string | boolean;
  readonly events?: boolean;
  readonly within: number;
  readonly host?: string;
  readonly port?: number;
}

/** Examines phones concurrently and prints the findings. */
export async function runDoctor(context: Context, options: DoctorOptions): Promise<void> {
  if (options.key === false && options.events === true) {
    throw new AtcomError('usage', { reason: '--events presses keys', hint: 'leave out --no-key' });
  }
  if (context.output.interactive && (await hasNothing(context, options))) {
    context.output.note(beginText);
    context.exit(2);
    return;
  }
  const { phones, virtual } = await selectPhones(context, options);
  checkOnce(phones);
  const listening = await tryListening(context, options, phones, virtual);
  const opened: { close(): Promise<void> }[] = listening instanceof Error ? [] : [listening];
  try {
    const reportsTo = options.events === true && !(listening instanceof Error) ? listening : undefined;
    const simulator = virtual ? await startVirtual(context, reportsTo) : undefined;
    if (simulator !== undefined) opened.unshift(simulator);
    const all = [...phones, ...(simulator?.phones.slice(0, 1) ?? [])];
    await look(context, options, all, listening);
  } finally {
    for (const server of opened) await server.close();
  }
}

/** Whether neither the command line nor any file could name a phone. */
async function hasNothing({ env, config }: Context, options: DoctorOptions): Promise<boolean> {
  return namesNobody(options) && !env['ATCOM_TO'] && (await config()).files.length === 0;
}

/** A port that is taken is a finding; the other checks still run. */
async function tryListening(
  context: Context,
  { host, port }: DoctorOptions,
  phones: readonly PhoneSettings[],
  virtual: boolean,
): Promise<Listening | AtcomError> {
  // A virtual phone of this command reports to a listener of this command.
  const here = virtual && phones.length === 0 ? 0 : undefined;
  try {
    return await startListening(context, { host, port: port ?? here, phones });
  } catch (error) {
    if (isAtcomError(error) && error.code === 'port-unavailable') return error;
    throw error;
  }
}

async function look(
  context: Context,
  options: DoctorOptions,
  phones: readonly PhoneSettings[],
  listening: Listening | AtcomError,
): Promise<void> {
  const { output, stdout, signal, exit, transport, readArp } = context;
  const config = await context.config();
  const show = showExchange(context);
  let sent = false;
  const onRequest: Subject['onRequest'] = (report, ...answer) => {
    sent ||= report.outcome !== 'unreachable';
    show?.(report, ...answer);
  };
  const memory = await readApprovals(context);
  const subjectOf = async (phone: PhoneSettings): Promise<Subject> => {
    const timeout = options.timeout === undefined ? {} : { timeout: options.timeout };
    const settings = { ...(await config.settings(phone)), ...timeout };
    const key = typeof options.key === 'string' ? options.key : HARMLESS_KEY;
    return {
      settings,
      web: await webOf(config, phone, timeout),
      endpoint: endpointOf(settings),
      target: targetText(context, phone),
      key: options.key === false ? undefined : harmlessKey(key, settings),
      events: options.events === true ? options.within : undefined,
      listening,
      memory,
      config,
      signal,
      onRequest,
      transport,
      readArp,
    };
  };
  const subjects = await Promise.all(phones.map(subjectOf));
  await askFirst(context, subjects.flatMap(jobOf), options.yes === true);
  await context.beforeSending?.(subjects.length);
  const progress = showProgress(output, subjects.length);
  const serve = async (subject: Subject) => {
    const findings = await examine(subject);
    progress.done();
    return findings;
  };
  // Runs for every phone even after Ctrl-C, so that checks that did not happen are reported as such.
  const found = (await runFleet(subjects, serve, () => false).finally(() => progress.stop())).map(
    (findings = []) => findings,
  );
  // Now that the others have given their handles back.
  for (const [index, findings] of found.entries()) {
    const subject = subjects[index];
    if (subject !== undefined && findings.some(({ scarce }) => scarce)) found[index] = await examine(subject);
  }
  const exitCode = signal.aborted ? stoppedBy(signal).exitCode : worstExitCode(found, sent);
  const results = subjects.map((subject, index) => resultOf(subject, found[index] ?? []));
  const document = { ...documentHead('doctor', exitCode), results };
  const width = stdout.isTTY === true ? stdout.columns || 80 : Number.POSITIVE_INFINITY;
  output.result(document, (paint) => examinedText(results, paint, { quiet: output.quiet, width }));
  exit(exitCode);
}

/** What is about to be pressed, for the confirmation prompt. */
function jobOf({ settings, key, events }: Subject) {
  if (key === undefined) return [];
  const toggled = events === undefined ? [] : parseSequence(['DND_ON', 'DND_OFF'], settings);
  return [{ settings, sequence: [...key, ...toggled] }];
}

/** A password that may not go there is none, here: the keys may need none. */
async function webOf(
  config: Pick<Config, 'settings'>,
  phone: PhoneSettings,
  timeout: Partial<PhoneSettings>,
): Promise<PhoneSettings | undefined> {
  try {
    return { ...(await config.settings(phone, true)), ...timeout };
  } catch (error) {
    if (isAtcomError(error) && error.code === 'untrusted-config') return undefined;
    throw error;
  }
}

function resultOf({ settings, endpoint }: Subject, findings: readonly Finding[]) {
  const host = hostText(endpoint);
  const checks = findings.map(({ exitCode: _, scarce: __, ...check }) => check);
  return { phone: nameOf(settings), host, checks };
}
