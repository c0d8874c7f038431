import { unusable } from '../files/reason.ts';
import type { Config } from './types.ts';

/**
 * Makes sure that the token of a listener is known: without that of a file that cannot be read, events would be taken from
 * everybody.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkToken({ closed, listener }: Pick<Config, 'closed' | 'listener'>): void {
  if (closed === undefined || listener?.token !== undefined) return;
  const hint =
    'let this user read it, because it may contain the token of the listener; or set ATCOM_LISTENER_TOKEN';
  throw unusable(closed, 'permission denied', hint);
}
