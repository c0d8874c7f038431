import { createHash } from 'node:crypto';
import type { ReportedEvent } from './protocol/reported-event.ts';

type Values = ReportedEvent['values'];

/** What tells one call of a phone from others; null is what no event told. */
export interface CallIdentity {
  /** Its number: `$call_id`. */
  readonly id: string | null;
  /** The other side: the user part of its SIP address, mostly a number. */
  readonly peer: string | null;
}

/** The longest address of which the user is looked for, in characters. */
const LONGEST_ADDRESS = 500;

/** The longest text that is kept as it is; bounds what forged events can create. */
export const LONGEST_TEXT = 100;

/** The number of the call that an event is of; null where it does not tell. Nothing else reads it, so all compare the same. */
export function callNumber(values: Values): string | null {
  return comparable(values['call_id']);
}

/**
 * The other side of a call, by what its event says: `6040` for `sip:6040@pbx`, also inside
 * `"Name" <sip:6040@pbx;transport=udp>`; null where it does not tell.
 */
export function otherSide({ remote = '' }: Values): string | null {
  // Whoever sends an event may write anything here; these expressions take the square of its length.
  const short = remote.slice(0, LONGEST_ADDRESS);
  const address = addressIn(short);
  const user = /sips?:([^@;>]+)@/i.exec(address)?.[1];
  const isCut = short.length < remote.length;
  return comparable(user ?? (isCut ? remote : address.replace(/^.*?(?:sips?|tel):|[;>].*$/gis, '')));
}

/** What stands in angle brackets; a name before them may be written like another address. */
function addressIn(text: string): string {
  const unnamed = text.replace(/^\s*"(?:[^"\\]|\\.)*"/s, '');
  const open = unnamed.indexOf('<');
  return open < 0 ? text : unnamed.slice(open + 1);
}

/** Two long texts with one beginning stay two, by a digest at their end. */
function comparable(text = ''): string | null {
  const all = text.trim();
  if (all.length <= LONGEST_TEXT) return all || null;
  const end = `~${createHash('sha256').update(all).digest('base64url')}`;
  return `${all.slice(0, LONGEST_TEXT - end.length)}${end}`;
}
