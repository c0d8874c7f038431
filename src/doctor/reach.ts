import { hostText, originOf } from '../protocol/command-url.ts';
import { isLoopback } from '../protocol/listener-url.ts';
import { isAny, isUnanswered, type Listening } from '../receiver/index.ts';

/** The URL at which a phone reaches a listener; one on all addresses is reached at the address that the phone sees. */
export function reachedAt(
  { addresses, port }: Pick<Listening, 'addresses' | 'port'>,
  own = '127.0.0.1',
): string {
  const isOwn = addresses.some((address) => isAny(address) || address === own);
  const [host = own] = isOwn ? [] : addresses;
  return originOf({ scheme: 'http', host, port });
}

/** Why events cannot arrive, and what to do. */
export interface Deaf {
  readonly message: string;
  readonly remedy: string;
}

/** Whether only this computer reaches a listener, and the phone sees it from elsewhere. */
export function outOfReach(url: string, own: string | undefined, port: number): Deaf | undefined {
  const remedy = loopbackRemedy(url, own, port);
  if (remedy === undefined) return undefined;
  return { message: `the listener ${url} can only be reached from this computer`, remedy };
}

/** Whether nobody listens where the config has phones report to. */
export async function unanswered(
  url: string | undefined,
  own: string | undefined,
  port: number,
): Promise<Deaf | undefined> {
  if (url === undefined || !isElsewhere(own) || !(await isUnanswered(url, port))) return undefined;
  return {
    message: `nothing listens at ${url}`,
    remedy: `correct listener.url in the config, or listen there: listener: { host: 0.0.0.0 } in the config, and no other atcom listen on port ${port}`,
  };
}

/** What to do where a listener is reached from this computer only and the phone is elsewhere; else undefined. */
export function loopbackRemedy(url: string, own: string | undefined, port: number): string | undefined {
  if (!isElsewhere(own) || !URL.canParse(url) || !isLoopback(new URL(url))) return undefined;
  const reached = originOf({ scheme: 'http', host: own, port });
  return `listen at an address that the phone can reach: listener: { host: 0.0.0.0, port: ${port}, url: "${reached}" } in the config`;
}

/** Whether a phone that sees this computer at an address is on another one. */
function isElsewhere(own: string | undefined): own is string {
  return own !== undefined && !isLoopback({ hostname: hostText({ scheme: 'http', host: own }) });
}
