import { AtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import { isLoopback } from '../protocol/listener-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { includes, isLoopbackAddress, isUnanswered, type Listening } from '../receiver/index.ts';
import { ownAddress } from '../transport/route.ts';

/** What a listener is bound to. */
type Bound = Pick<Listening, 'addresses' | 'origin' | 'port'>;

/**
 * Why real phones cannot report to a listener; undefined where nobody knows of a reason.
 *
 * @param url - where they report to, as the config says; without it, to the address at which they see this computer
 */
export async function outOfEarshot(
  listening: Bound,
  url: string | undefined,
  phones: readonly PhoneSettings[],
): Promise<AtcomError<'no-reports'> | undefined> {
  const why = url === undefined ? unheardAt(listening) : await unansweredAt(url, listening);
  const reasons = await Promise.all(phones.map(why));
  const deaf = phones.filter((_, index) => reasons[index] !== undefined);
  const [first] = deaf;
  const reason = reasons.find((one) => one !== undefined);
  if (first === undefined || reason === undefined) return undefined;
  return new AtcomError('no-reports', {
    phone: nameOf(first),
    others: new Set(deaf.map(nameOf)).size - 1,
    reason,
    hint: 'listen at an address that the phone can reach: --host 0.0.0.0, or listener: { host: 0.0.0.0 } in the config (where something forwards to this one, listener: { url: … }); atcom action-url list prints what to enter on its page',
  });
}

type Why = (phone: PhoneSettings) => Promise<string | undefined> | string | undefined;

/** Only the owner of a forwarded port knows who can reach it; but where nobody listens, nothing is forwarded. */
async function unansweredAt(url: string, { port }: Bound): Promise<Why> {
  const isDead = await isUnanswered(url, port);
  return (phone) => (isDead && !isOfThisComputer(phone) ? `nothing listens at ${url}` : undefined);
}

function unheardAt({ addresses, origin }: Bound): Why {
  return async (phone) => {
    if (addresses.length === 0) return undefined;
    const isHere = isOfThisComputer(phone);
    const isLocal = addresses.every(isLoopbackAddress);
    if (isLocal) return isHere ? undefined : `the listener ${origin} can only be reached from this computer`;
    if (isHere && addresses.some(isLoopbackAddress)) return undefined;
    // Nothing is sent for it. Where nobody knows, the phone is believed to be right.
    const own = await ownAddress(endpointOf(phone)).catch(() => undefined);
    const isHeard = own === undefined || addresses.some((bound) => includes(bound, own));
    return isHeard
      ? undefined
      : `it sees this computer as ${own}, and the listener is at ${addresses.join(', ')}`;
  };
}

function isOfThisComputer(phone: PhoneSettings): boolean {
  return isLoopback(new URL(originOf(endpointOf(phone))));
}
