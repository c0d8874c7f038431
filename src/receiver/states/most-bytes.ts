import type { CallIdentity } from '../../call-identity.ts';
import type { EndedCall, PhoneCall, PhoneState } from './state.ts';

/** What is counted of a phone that reported something. */
interface Counted {
  readonly phone: string;
  readonly source: string;
  readonly values: Readonly<Record<string, string>>;
  readonly state: PhoneState;
  readonly over?: readonly CallIdentity[];
}

/** Of a phone, what does not vary: names, times, and what is on or off. */
const PHONE = 410;

/** The same of a call. */
const CALL = 190;

/** `"":false,` */
const PAIR = 9;

/** `{"id":"","peer":""},` */
const PAST = 21;

/** What takes one byte a character. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** What takes three at most; all else JSON may write as `\u001b`, with six. */
const UNESCAPED = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

/**
 * How many bytes a phone takes as JSON, at most. Every event comes through here, and to write the JSON for it would take
 * several times as long.
 */
export function mostBytesOf({ phone, source, values, state, over = [] }: Counted): number {
  let bytes = PHONE + bytesOf(phone) + bytesOf(source);
  for (const name in values) bytes += PAIR + bytesOf(name) + bytesOf(values[name]);
  for (const account in state.accounts) bytes += PAIR + bytesOf(account);
  for (const { id, peer } of over) bytes += PAST + bytesOf(id) + bytesOf(peer);
  for (const call of state.calls) bytes += bytesOfCall(call);
  return state.lastCall === null ? bytes : bytes + bytesOfCall(state.lastCall);
}

function bytesOfCall({ id, peer, display }: PhoneCall | EndedCall): number {
  return CALL + bytesOf(id) + bytesOf(peer) + bytesOf(display);
}

function bytesOf(text: string | null | undefined): number {
  if (text === null || text === undefined) return 4;
  return text.length * (PLAIN.test(text) ? 1 : UNESCAPED.test(text) ? 3 : 6);
}
