import { webServerOf } from './command-url.ts';
import { endpointOf, type PhoneSettings } from './settings.ts';

/** How the name ends of what may be either of two phones at an address. */
export const SHARED = ' (shared)';

/** What an event is said to be of, if it may be of either of two phones at an address. */
export function sharedName(address: string): string {
  return `${address}${SHARED}`;
}

/** What events are said to be of that may be of this phone, or of another one at its address. */
export function sharedNameOf(phone: PhoneSettings): string {
  return sharedName(webServerOf({ scheme: 'http', host: endpointOf(phone).host }));
}
