import { findKey, type KEYS } from '../../protocol/keys.ts';
import { MODELS, type Model } from '../../protocol/models.ts';

/** A key without its number, or a run of the keypad. */
export type PressName = (typeof KEYS)[number]['token'] | 'DIGITS';

/** A key as the table of states knows it. */
export interface Press {
  readonly name: PressName;
  /** Of a numbered family: 2 of LINEKEY2. */
  readonly number?: number;
  /** Of a run: `6040`, `*72`, `#`. */
  readonly digits?: string;
  /** The keys it is made of, as they are counted: LINEKEY2, or each digit. */
  readonly keys: readonly string[];
}

/**
 * Reads one token as it stands on the wire, or says why a phone would ignore it. Capitals only, nothing decoded: the
 * document prints no other form, and whether a phone takes one is not documented; our choice lets slips show.
 */
export function readPress(token: string, model: Model): Press | string {
  if (/^[0-9*]+$/.test(token)) return { name: 'DIGITS', digits: token, keys: [...token] };
  const match = /[a-z]/.test(token) ? undefined : findKey(token);
  if (match === undefined) return 'no such key';
  const { definition, number } = match;
  // Every row of KEYS is such a name; the rows are seen as definitions here, which only say `Uppercase<string>`.
  const name = definition.token as PressName;
  if (name === 'POUND') return { name: 'DIGITS', digits: '#', keys: [match.token] };
  if (number === undefined || definition.family === undefined) return { name, keys: [match.token] };
  if (number > MODELS[model][definition.family]) return `${model} has no such key`;
  return { name, number, keys: [match.token] };
}
