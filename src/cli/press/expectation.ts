import { AtcomError } from '../../errors.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { type VerbProof, verbProof } from '../../protocol/verb-events.ts';
import type { Expectation } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import type { Pressing } from './job.ts';

/** What a command waits for after its keys. */
export interface Awaited extends Omit<Expectation, 'orElse'> {
  /** Whether the keys reboot the phone: its web page is a sign then, too. */
  readonly reboots: boolean;
}

/**
 * What a command waits for after its keys: the event of `--wait`, or with `--confirm` the natural one of its verb.
 *
 * @throws {AtcomError} `usage` for `--confirm` where no event tells
 */
export function expectationOf({ options: { wait, confirm }, command, call }: Pressing): Awaited | undefined {
  if (wait !== undefined) return { events: [wait.event], within: wait.within, reboots: false };
  if (confirm !== true) return undefined;
  const proof: VerbProof | undefined = call === undefined ? undefined : verbProof(call.form);
  if (proof === undefined) {
    throw new AtcomError('usage', {
      reason: `no event of a phone confirms ${command}`,
      hint: 'name the event to wait for: --wait established:15s (atcom events lists them)',
    });
  }
  return call?.form === 'reboot'
    ? { ...proof, within: 360_000, reboots: true }
    : { ...proof, reboots: false };
}

/** After a reboot the phone's web page is a sign too, for phones that report no event then. */
export async function rebootSign(context: Context, settings: PhoneSettings): Promise<Expectation['orElse']> {
  const [{ probe, REBOOT }, { Phone }] = await Promise.all([
    import('../../receiver/index.ts'),
    import('../../phone/index.ts'),
  ]);
  const phone = new Phone(settings, context.transport);
  return (signal) => probe(() => phone.isUp(signal), REBOOT, signal);
}
