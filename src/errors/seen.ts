/** How many events are named; a burst of them would fill the screen. */
const MOST = 20;

/** `seen: offHook, onHook`: the last of what a phone reported. */
export function seenText(events: readonly string[]): string {
  const more = events.length > MOST ? ` (the last ${MOST} of ${events.length})` : '';
  return `seen: ${events.slice(-MOST).join(', ')}${more}`;
}
