import { SHARED, sharedName } from '../protocol/shared-name.ts';

/** The same where it says that it has another address behind that one. */
export function sharedBehind(address: string, claimed: string): string {
  return sharedName(`${claimed} behind ${address}`);
}

/** Whether events of this name may be of either of two phones. */
export function isShared(name: string): boolean {
  return name.endsWith(SHARED);
}
