import { AtcomError } from '../errors.ts';
import { destructiveKeys, parseSequence, type Sequence } from '../protocol/sequence.ts';
import type { PhoneSettings } from '../protocol/settings.ts';

/**
 * The key that makes a phone ask, and that is pressed once after it was allowed. The document calls no key harmless.
 * RELEASE is "back to the main screen": on an idle phone nothing changes, at most an open menu is left. Volume keys
 * change a setting, MUTE and HOLD a call, and UP opens a list.
 */
export const HARMLESS_KEY = 'RELEASE';

/**
 * Reads `--key` for a phone.
 *
 * @throws {AtcomError} `usage` for a key that takes the phone out of service, and the codes of bad input
 */
export function harmlessKey(key: string, settings: PhoneSettings): Sequence {
  const sequence = parseSequence([key], settings);
  const [destructive] = destructiveKeys(sequence);
  if (destructive === undefined) return sequence;
  throw new AtcomError('usage', {
    reason: `${destructive} is not a harmless key`,
    hint: `leave out --key to press ${HARMLESS_KEY}`,
  });
}
