import { findKey, type KEYS } from '../../protocol/keys.ts';
import { MODELS, type Model } from '../../protocol/models.ts';

/** A key without its number, or digits. */
export type PressName = (typeof KEYS)[number]['token'] | 'DIGITS';

/** A key as the state table knows it. */
export interface Press {
  readonly name: PressName;
  /** The number of a numbered key: 2 for LINEKEY2. */
  readonly number?: number;
  /** The digits: `6040`, `*72`, `#`. */
  readonly digits?: string;
  /** The keys to count: LINEKEY2, or each digit. */
  readonly keys: readonly string[];
}

/**
 * Parses one raw token, or says why a phone would ignore it. Only upper case, and nothing is decoded: the document
 * prints no other form, and whether a phone accepts one is not documented. Our choice exposes mistakes.
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
