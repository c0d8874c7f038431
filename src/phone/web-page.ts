import { DEFAULT_TIMEOUT } from '../protocol/settings.ts';
import { isAway } from '../transport/away.ts';
import type { Recipient } from './send.ts';
import { sendRequest } from './transport.ts';

/**
 * The state of a phone's web server: it responds, is away, or anything else, such as 503 during start-up. `unknown` if
 * it was never asked: that may be due to this computer.
 */
export type WebPage = 'answers' | 'away' | 'other' | 'unknown';

/** Asks for the page that the vendor's web interface polls after a reboot. It presses no key. */
export async function askPage(
  { settings, endpoint, transport: send = sendRequest }: Recipient,
  signal: AbortSignal | undefined,
): Promise<WebPage> {
  const { tls, timeout = DEFAULT_TIMEOUT } = settings;
  const result = await send({ endpoint, path: '/cgi-bin/server_test.cgi', timeout, tls, signal });
  if (result.kind === 'undelivered') return isAway(result.error) ? 'away' : 'unknown';
  // A page that asks for a password means that the web server is up.
  return result.kind === 'answer' && [200, 401].includes(result.status) ? 'answers' : 'other';
}
