import { AtcomError } from '../../errors.ts';
import { originOf } from '../../protocol/command-url.ts';
import { isLoopback } from '../../protocol/listener-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { includes, isAny, isLoopbackAddress, isUnanswered, type Listening } from '../../receiver/index.ts';

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
  const why = url === undefined ? unheardAt(listening) : await unansweredAt(url, listening);
  const reasons = phones.map(why);
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

type Why = (phone: PhoneSettings) => string | undefined;

/** Only the owner of a forwarded port knows who can reach it; but where nobody listens, nothing is forwarded. */
async function unansweredAt(url: string, { port }: Bound): Promise<Why> {
  const isDead = await isUnanswered(url, port);
  return (phone) => (isDead && !isOfThisComputer(phone) ? `nothing listens at ${url}` : undefined);
}

function unheardAt({ addresses, host, origin }: Bound): Why {
  const isKnown = addresses.length > 0;
  const isLocal = isKnown && addresses.every(isLoopbackAddress);
  // Who chose an address has the phones report to that one. Who wants all of them may have them report to any.
  const isAsked = host === undefined || !isAny(host) || addresses.some((bound) => includes(bound, host));
  const isUsual = addresses.some((bound) => LOOPBACK.includes(bound));
  return (phone) => {
    const isHere = isOfThisComputer(phone);
    if (isLocal && !isHere) return `the listener ${origin} can only be reached from this computer`;
    if (!isKnown || isAsked || (isHere && isUsual)) return undefined;
    return `the listener that runs is at ${addresses.join(', ')} only`;
  };
}

/** Where phones of this computer report to. */
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

function isOfThisComputer(phone: PhoneSettings): boolean {
  return isLoopback(new URL(originOf(endpointOf(phone))));
}
