import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { WebPage } from './web-page.ts';

/**
 * How long a restart may take, in milliseconds. The vendor's own page waits 48 s before it looks for the phone, polls
 * every 5 s, and gives up after 6 minutes. Here the phone is also watched while it goes away, because a page that never
 * went away proves nothing. Between two looks that are `blind` apart, as after Ctrl-Z or in a laptop that slept, a quick
 * restart goes unseen.
 */
export const REBOOT = { every: 2000, blind: 10_000, leaves: 60_000, within: 360_000 } as const;

/**
 * Waits until a phone's web page has gone away and come back. The text says how long that took. While the page could not
 * be asked, or was not, it may have been either.
 *
 * @throws {AtcomError} `never-away`, `no-event`, `unwatched`; the signal's reason
 */
export async function returns(
  page: () => Promise<WebPage>,
  signal: AbortSignal,
  { every, blind, leaves, within }: Readonly<Record<keyof typeof REBOOT, number>> = REBOOT,
): Promise<string> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  // By the clock on the wall: the other one may stand still while the computer sleeps.
  let looked = Date.now();
  for (let [away, unwatched] = [false, false]; ; await pause(every, signal)) {
    const now = await page();
    signal.throwIfAborted();
    away ||= now === 'away';
    unwatched ||= now === 'unknown' || Date.now() - looked >= blind;
    looked = Date.now();
    if (away && now === 'answers')
      return `its web page went away, and was back after ${formatDuration(elapsed())}`;
    if (!away && !unwatched && elapsed() >= leaves)
      throw new AtcomError('never-away', { within: formatDuration(leaves) });
    if (elapsed() < within) continue;
    if (!away) throw new AtcomError('unwatched', { events: ['its restart'], reason: UNSEEN });
    const events = ['an answer of its web page'];
    throw new AtcomError('no-event', { events, within: formatDuration(within), seen: [] });
  }
}

const UNSEEN = 'its web page could not be asked all the time, and may have gone away and come back meanwhile';
