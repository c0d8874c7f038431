import type { MacAnswer } from '../../doctor/mac.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { EventHub } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { foldNames } from './folding.ts';
import type { Job } from './job.ts';

/**
 * Compares the MACs of the config with what is known of the phones, before any key is pressed.
 *
 * @param hub - the events of a listener that is already running
 * @throws {AtcomError} `wrong-phone`; `usage` if no phone has a MAC in the config
 */
export async function checkMacs(context: Context, jobs: readonly Job[], hub?: EventHub): Promise<void> {
  if (jobs.every(({ settings: { mac } }) => mac === undefined)) {
    const hint = 'set mac: for them in the config, or leave --check-mac out';
    throw new AtcomError('usage', { reason: 'none of these phones has a mac: to compare', hint });
  }
  const answers = await compareAll(context, jobs, hub);
  const wrong = answers.flatMap(({ phone, host, mac, answer }) => {
    if (answer.kind === 'other') return [{ phone, host, mac, found: `${answer.mac} by ${answer.where}` }];
    if (answer.kind !== 'contradiction') return [];
    if (answer.config === true)
      return [{ phone, host, mac, found: `its events contradict the config: ${answer.says}` }];
    return [{ phone, host, mac, found: `its events contradict each other: ${answer.says}`, unsure: true }];
  });
  if (wrong.length > 0) throw new AtcomError('wrong-phone', { phones: wrong });
  if (!context.output.quiet && !context.signal.aborted) warnOf(context, answers);
}

interface Answered {
  readonly phone: string;
  readonly host: string;
  readonly mac: string;
  readonly answer: MacAnswer;
}

async function compareAll(
  context: Context,
  jobs: readonly Job[],
  hub: EventHub | undefined,
): Promise<readonly Answered[]> {
  const { compareMac, gatherHearsay } = await import('../../doctor/mac.ts');
  const { sightedElsewhere } = await import('../listen/sighted-elsewhere.ts');
  const { phones } = await context.config();
  const sightings = hub?.sightings() ?? (await sightedElsewhere(context));
  const meet = jobs.flatMap(({ settings }) => (settings.mac === undefined ? [] : [settings]));
  const { readArp, signal } = context;
  const hearsay = await gatherHearsay(phones.values(), sightings, readArp, { meet, signal });
  const answers: Answered[] = [];
  for (const { settings } of jobs) {
    const { mac = '' } = settings;
    const answer: MacAnswer =
      mac === ''
        ? { kind: 'unknown', why: 'no mac: in the config' }
        : await compareMac(settings, hearsay, context.signal);
    const host = hostText(endpointOf(settings));
    answers.push({ phone: nameOf(settings), host, mac, answer });
  }
  return answers;
}

/** One warning for each reason, with the phones that it is about. */
function warnOf({ output }: Context, answers: readonly Answered[]): void {
  const byText = new Map<string, Answered[]>();
  for (const answered of answers) {
    const text = warningText(answered.answer);
    if (text !== undefined) byText.set(text, [...(byText.get(text) ?? []), answered]);
  }
  for (const [text, phones] of byText) {
    const names = visible(foldNames(phones));
    output.note((paint) => `${paint('yellow', 'warning')}: ${names}: ${visible(text)}`);
  }
}

function warningText(answer: MacAnswer): string | undefined {
  if (answer.kind === 'unknown') return `the MAC cannot be checked: ${answer.why}`;
  if (answer.kind !== 'same' || answer.doubt === undefined) return undefined;
  return `${answer.where} has the MAC of the config, but an event contradicts: ${answer.doubt}`;
}
