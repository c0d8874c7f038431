import { webServerOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';

const MARK = ' (shared)';

/** What an event is said to be of, if it may be of either of two phones at an address. */
export function sharedName(address: string): string {
  return `${address}${MARK}`;
}

/** The name of events that may be of this phone, or of another one at its address. */
export function sharedNameOf(phone: PhoneSettings): string {
  const { host } = endpointOf(phone);
  return sharedName(webServerOf({ scheme: 'http', host }));
}

/** Whether events of this name may be of either of two phones. */
export function isShared(name: string): boolean {
  return name.endsWith(MARK);
}
