import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { WebPage } from './web-page.ts';

/**
 * How long a restart may take, in milliseconds. The vendor's own page waits 48 s before it looks for the phone, polls
 * every 5 s, and gives up after 6 minutes. Here the phone is also watched while it goes away, because a page that never
 * went away proves nothing.
 */
export const REBOOT = { every: 2000, leaves: 60_000, within: 360_000 } as const;

/**
 * Waits until a phone's web page has gone away and come back. The text says how long that took. While the page could not
 * be asked, it may have been either.
 *
 * @throws {AtcomError} `never-away`, `no-event`; the signal's reason
 */
export async function returns(
  page: () => Promise<WebPage>,
  signal: AbortSignal,
  {
    every,
    leaves,
    within,
  }: { readonly every: number; readonly leaves: number; readonly within: number } = REBOOT,
): Promise<string> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  for (let [away, unwatched] = [false, false]; ; await pause(every, signal)) {
    const now = await page();
    signal.throwIfAborted();
    away ||= now === 'away';
    unwatched ||= now === 'unknown';
    if (away && now === 'answers')
      return `its web page went away, and was back after ${formatDuration(elapsed())}`;
    if (!away && !unwatched && elapsed() >= leaves)
      throw new AtcomError('never-away', { within: formatDuration(leaves) });
    if (elapsed() >= within) {
      const events = ['an answer of its web page'];
      throw new AtcomError('no-event', { events, within: formatDuration(within), seen: [] });
    }
  }
}
