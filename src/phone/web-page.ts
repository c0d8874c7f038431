import { DEFAULT_TIMEOUT } from '../protocol/settings.ts';
import { isAway } from '../transport/away.ts';
import type { OwnLink } from '../transport/own-link.ts';
import type { Recipient } from './send.ts';
import { isReplaced, sendRequest } from './transport.ts';

/**
 * The state of a phone's web server: it responds, is away, or anything else, such as 503 during start-up. `unknown` if
 * it was never asked: that may be due to this computer.
 */
export type WebPage = 'answers' | 'away' | 'other' | 'unknown';

/** Asks for the page once. Without a cable of this computer, it is `unknown` whether the page is away. */
export async function askPage(recipient: Recipient, signal: AbortSignal | undefined): Promise<WebPage> {
  const page = await ask(recipient, signal);
  if (page !== 'away' || !isConnecting(recipient)) return page;
  const { hasLink } = await import('../transport/own-link.ts');
  return (await hasLink(recipient.endpoint)) ? page : 'unknown';
}

/**
 * Asks for the page again and again. Once this computer's own cable was out, it is `unknown` whether the page is away,
 * until the page has answered again.
 */
export function watchPage(recipient: Recipient, signal: AbortSignal): () => Promise<WebPage> {
  let link: Promise<OwnLink | undefined> | undefined;
  return async () => {
    link ??= linkOf(recipient, signal);
    const own = await link;
    const page = await ask(recipient, signal);
    const lost = (await own?.isLost()) === true;
    if (page === 'answers') own?.reached();
    return page === 'away' && lost ? 'unknown' : page;
  };
}

async function linkOf(recipient: Recipient, signal: AbortSignal): Promise<OwnLink | undefined> {
  if (!isConnecting(recipient)) return undefined;
  const { watchLink } = await import('../transport/own-link.ts');
  return watchLink(recipient.endpoint, signal);
}

/** Whether requests use connections of this computer. */
function isConnecting({ transport }: Recipient): boolean {
  return transport === undefined && !isReplaced();
}

/** Asks for the page that the vendor's web interface polls after a reboot. It presses no key. */
async function ask(
  { settings, endpoint, transport: send = sendRequest }: Recipient,
  signal: AbortSignal | undefined,
): Promise<WebPage> {
  const { tls, timeout = DEFAULT_TIMEOUT } = settings;
  const result = await send({ endpoint, path: '/cgi-bin/server_test.cgi', timeout, tls, signal });
  if (result.kind === 'undelivered') return isAway(result.error) ? 'away' : 'unknown';
  // A page that asks for a password means that the web server is up.
  return result.kind === 'answer' && [200, 401].includes(result.status) ? 'answers' : 'other';
}
