import { hostText, originOf } from '../protocol/command-url.ts';
import { isLoopback } from '../protocol/listener-url.ts';
import type { Listening } from '../receiver/index.ts';

/** The URL at which a phone reaches a listener; one on all addresses is reached at the address that the phone sees. */
export function reachedAt(
  { receiver, port }: Pick<Listening, 'receiver' | 'port'>,
  own = '127.0.0.1',
): string {
  if (receiver !== undefined && !/\/\/(0\.0\.0\.0|\[::\])(:|$)/.test(receiver.url)) return receiver.url;
  return originOf({ scheme: 'http', host: own, port });
}

/** What to do where a listener is reached from this computer only and the phone is elsewhere; else undefined. */
export function loopbackRemedy(url: string, own: string | undefined, port: number): string | undefined {
  const here = (host: string) => isLoopback({ hostname: hostText({ scheme: 'http', host }) });
  const elsewhere = own !== undefined && !here(own);
  if (!elsewhere || !URL.canParse(url) || !isLoopback(new URL(url))) return undefined;
  const reached = originOf({ scheme: 'http', host: own, port });
  return `listen at an address that the phone can reach: listener: { host: 0.0.0.0, port: ${port}, url: "${reached}" } in the config`;
}
