import { AtcomError } from '../../errors.ts';
import { originOf } from '../../protocol/command-url.ts';
import { isLoopback } from '../../protocol/listener-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { isLoopbackAddress, type Listening } from '../../receiver/index.ts';

/**
 * Why real phones cannot report to a listener; undefined where nobody knows of a reason.
 *
 * @param url - where they report to, if that is no address of this computer
 */
export function outOfEarshot(
  { addresses, origin }: Pick<Listening, 'addresses' | 'origin'>,
  url: string | undefined,
  phones: readonly PhoneSettings[],
): AtcomError<'no-reports'> | undefined {
  // Only the owner of a forwarded port knows who can reach it.
  if (url !== undefined || addresses.length === 0 || !addresses.every(isLoopbackAddress)) return undefined;
  const strangers = phones.filter((phone) => !isLoopback(new URL(originOf(endpointOf(phone)))));
  const [stranger] = strangers;
  if (stranger === undefined) return undefined;
  return new AtcomError('no-reports', {
    phone: nameOf(stranger),
    others: new Set(strangers.map(nameOf)).size - 1,
    reason: `the listener ${origin} can only be reached from this computer`,
    hint: 'listen at an address that the phone can reach: --host 0.0.0.0, or listener: { host: 0.0.0.0 } in the config (where something forwards to this one, listener: { url: … }); atcom action-url list prints what to enter on its page',
  });
}
