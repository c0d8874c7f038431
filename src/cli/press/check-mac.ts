import type { Hearsay } from '../../doctor/mac.ts';
import { AtcomError, type ErrorDetails } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { EventHub } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { visible } from '../output/text.ts';
import { foldNames } from './folding.ts';
import type { Job } from './job.ts';

/**
 * Compares the MACs of the config with what is known of the phones, before any key is pressed.
 *
 * @param hub - the events of a listener that is already running
 * @throws {AtcomError} `wrong-phone`; `usage` if no phone has a MAC in the config
 */
export async function checkMacs(context: Context, jobs: readonly Job[], hub?: EventHub): Promise<void> {
  const phones = jobs.map(({ settings }) => settings);
  if (phones.every(({ mac }) => mac === undefined)) {
    const hint = 'set mac: for them in the config, or leave --check-mac out';
    throw new AtcomError('usage', { reason: 'none of these phones has a mac: to compare', hint });
  }
  const { gatherHearsay } = await import('../../doctor/mac.ts');
  const { heardElsewhere } = await import('../listen/heard-elsewhere.ts');
  const hearsay = await gatherHearsay(hub?.heard() ?? (await heardElsewhere(context)), context.readArp);
  const { wrong, unknown } = await compareAll(phones, hearsay);
  if (wrong.length > 0) throw new AtcomError('wrong-phone', { phones: wrong });
  if (unknown.length === 0 || context.output.quiet || context.output.json) return;
  const names = visible(foldNames(unknown));
  context.output.note(
    (paint) => `${paint('yellow', 'warning')}: no MAC to compare is known of ${names}: not checked`,
  );
}

async function compareAll(phones: readonly PhoneSettings[], hearsay: Hearsay) {
  const { compareMac } = await import('../../doctor/mac.ts');
  const wrong: ErrorDetails['wrong-phone']['phones'][number][] = [];
  const unknown: { readonly phone: string }[] = [];
  for (const settings of phones) {
    const { mac, name } = settings;
    const answer = mac === undefined ? undefined : await compareMac(settings, hearsay);
    const host = hostText(endpointOf(settings));
    const phone = name ?? host;
    if (mac !== undefined && answer?.kind === 'other') {
      wrong.push({ phone, host, mac, found: answer.mac, where: answer.where });
    } else if (answer?.kind !== 'same') unknown.push({ phone });
  }
  return { wrong, unknown };
}
