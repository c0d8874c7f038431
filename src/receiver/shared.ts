import { SHARED } from '../protocol/shared-name.ts';

/** Whether events of this name may be of either of two phones. */
export function isShared(name: string): boolean {
  return name.endsWith(SHARED);
}
