import { webServerOf } from './command-url.ts';
import { addressesOf, type PhoneSettings } from './settings.ts';

/** How the name ends of what may be either of two phones at an address. */
export const SHARED = ' (shared)';

/** What an event is said to be of, if it may be of either of two phones at an address. */
export function sharedName(address: string): string {
  return `${address}${SHARED}`;
}

/** The same where it says that it has another address behind that one. */
export function sharedBehind(address: string, claimed: string): string {
  return sharedName(`${claimed} behind ${address}`);
}

/** What events are said to be of that may be of this phone, or of another one at its address. */
export function sharedNamesOf(phone: PhoneSettings): readonly string[] {
  return addressesOf(phone).map((host) => sharedName(webServerOf({ scheme: 'http', host })));
}

/** Whether a name in events may mean this phone, or another one at its address. */
export function mayMean(name: string, phone: PhoneSettings): boolean {
  // Nobody knows who was there before a connection was reset.
  if (name === '') return true;
  return sharedNamesOf(phone).some((shared) => name === shared || name.endsWith(` behind ${shared}`));
}
