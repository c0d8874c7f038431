import { AtcomError } from '../../errors.ts';
import { originOf } from '../../protocol/command-url.ts';
import { isLoopback } from '../../protocol/listener-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { isAny, isLoopbackAddress, isUnanswered, type Listening } from '../../receiver/index.ts';

/** What a listener is bound to. */
type Bound = Pick<Listening, 'addresses' | 'host' | 'origin' | 'port'>;

/**
 * Why real phones cannot report to a listener; undefined where nobody knows of a reason.
 *
 * @param url - where they report to, as the config says
 */
export async function outOfEarshot(
  listening: Bound,
  url: string | undefined,
  phones: readonly PhoneSettings[],
): Promise<AtcomError<'no-reports'> | undefined> {
  const strangers = phones.filter((phone) => !isLoopback(new URL(originOf(endpointOf(phone)))));
  const [stranger] = strangers;
  const reason = stranger && (await whyDeaf(listening, url));
  if (stranger === undefined || reason === undefined) return undefined;
  return new AtcomError('no-reports', {
    phone: nameOf(stranger),
    others: new Set(strangers.map(nameOf)).size - 1,
    reason,
    hint: 'listen at an address that the phone can reach: --host 0.0.0.0, or listener: { host: 0.0.0.0 } in the config (where something forwards to this one, listener: { url: … }); atcom action-url list prints what to enter on its page',
  });
}

async function whyDeaf(
  { addresses, host, origin, port }: Bound,
  url: string | undefined,
): Promise<string | undefined> {
  // Only the owner of a forwarded port knows who can reach it; but where nobody listens, nothing is forwarded.
  if (url !== undefined) return (await isUnanswered(url, port)) ? `nothing listens at ${url}` : undefined;
  if (addresses.length === 0) return undefined;
  if (addresses.every(isLoopbackAddress))
    return `the listener ${origin} can only be reached from this computer`;
  const isPart = host !== undefined && isAny(host) && !addresses.some(isAny);
  return isPart ? `the listener that runs is at ${addresses.join(', ')} only` : undefined;
}
