import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';
import { quoteShellWord } from '../shell.ts';
import { applyDialPlan, type Dialled, type DialPlan } from './dial-plan.ts';
import { readWritten, splitWritten, type WrittenNumber } from './written-number.ts';

declare const dialable: unique symbol;

/** Digits and `*`. Only a parser creates this type, so unchecked text cannot be sent. */
export type DialString = string & { readonly [dialable]: true };

/** A part of a number: digits, or the key for `#`. */
export type NumberToken =
  | { readonly kind: 'digits'; readonly digits: DialString }
  | { readonly kind: 'pound' };

/** How numbers are converted for a phone. */
export interface NumberSettings {
  /** What replaces a leading `+`, such as `00`, if there is no dial plan; phones have no `+` key. */
  readonly dialPrefix?: string | undefined;
  /** The dialling rules at the phone's location. */
  readonly dialPlan?: DialPlan | undefined;
  /** Letters are dialled as on a keypad: `1-800-AAA` is `1800222`. */
  readonly letters?: boolean | undefined;
}

/**
 * Parses a number as people write it. Spaces, dots, dashes, brackets and slashes are dropped; `tel:`, `callto:` and
 * `sip:user@host` are understood, with a host of the dial plan; `#` is a separate key (document, "Digits 0~9, *,
 * POUND").
 *
 * @throws {AtcomError} `invalid-number`, with the reason and the remedy
 */
export function parseNumber(text: string, settings: NumberSettings = {}): readonly NumberToken[] {
  return explainNumber(text, settings)
    .dialled.split(/(#)/)
    .flatMap((part): NumberToken[] =>
      part === ''
        ? []
        : part === '#'
          ? [{ kind: 'pound' }]
          : [{ kind: 'digits', digits: part as DialString }],
    );
}

/**
 * The number that is dialled for a written number, and why.
 *
 * @throws {AtcomError} `invalid-number`, with the reason and the remedy
 * @example
 * ```ts
 * import { explainNumber } from 'atcom';
 * explainNumber('+49 30 1', { dialPlan: { country: '49', outside: '0', internal: 4 } });
 * // { dialled: '00301', why: '49 is this country: national prefix 0; outside line 0' }
 * ```
 */
export function explainNumber(input: string, settings: NumberSettings = {}): Dialled {
  const told = withoutPassword(input);
  const fail = (reason: string, hint: string) =>
    new AtcomError('invalid-number', { input: told, reason, hint });
  const { dialPrefix, dialPlan, letters = false } = settings;
  const written = readWritten(input);
  if (written.afterAnswer !== undefined) {
    throw fail(
      `${written.afterAnswer} is to be pressed after the answer, and nothing waits for the answer`,
      `atcom dial ${quoteShellWord(splitWritten(input).number)} --then ${quoteShellWord(written.afterAnswer)} waits for the answer and then presses it`,
    );
  }
  const number = letters ? onKeypad(written.number) : written.number;
  const digits = number.replace(/[\s.\p{Dash}()[\]/]/gu, '');
  if (/^\+?$/.test(digits)) throw fail('it has no digits', 'give a number such as 6040');
  checkTrunk(number, digits, dialPlan, fail);
  const { dialled, why } =
    dialPlan === undefined ? prefixed(digits, dialPrefix, fail) : applyDialPlan(digits, number, dialPlan);
  const wrong = dialled.match(/[^0-9*#]/u)?.[0];
  if (wrong !== undefined) {
    const hint = /[a-z]/i.test(wrong) && digits.includes(wrong);
    throw fail(
      `${shown(wrong)} is not on a keypad`,
      hint
        ? 'use the digits 0–9, * and #; letters: true in the config dials letters as on a keypad'
        : 'use the digits 0–9, * and #',
    );
  }
  checkHost(written, dialPlan, fail);
  return { dialled, why: number === written.number ? why : `letters as on a keypad; ${why}` };
}

/** Returns text that has only digits and `*`; undefined for other text. */
export function asDialString(text: string): DialString | undefined {
  return /^[0-9*]+$/.test(text) ? (text as DialString) : undefined;
}

/** A character in quotes, or its code if it is invisible. */
function shown(character: string): string {
  if (!/[\p{C}\p{M}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character)) return JSON.stringify(character);
  return `the character U+${Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')}`;
}

type Fail = (reason: string, hint: string) => AtcomError<'invalid-number'>;

/** `a` to `c` are on the 2, and so on (ITU-T E.161). */
const KEYPAD = ['', '', 'abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'] as const;

function onKeypad(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    String(KEYPAD.findIndex((key) => key.includes(letter.toLowerCase()))),
  );
}

/** Rejects a SIP address of another host, because the phone dials the number at its own PBX. */
function checkHost({ number, host }: WrittenNumber, plan: DialPlan | undefined, fail: Fail): void {
  if (host === undefined || plan?.domains?.some((domain) => domain.toLowerCase() === host) === true) return;
  throw fail(
    `the host ${JSON.stringify(host)} would be lost`,
    `write ${number}, or add the host to dialPlan.domains if the phone can dial its numbers`,
  );
}

/** The prefixes of international numbers in most of the world. */
const ABROAD = ['+', '00', '011', '0011', '010', '810'];

/** The bracketed prefix after a country code is not dialled in most countries, but is in Italy. */
function checkTrunk(number: string, digits: string, plan: DialPlan | undefined, fail: Fail): void {
  const abroad = [...ABROAD, ...(plan?.international === undefined ? [] : [plan.international])];
  const international = abroad.some((prefix) => digits.startsWith(prefix));
  const doubtful = international ? /[+\d].*[([]\s*(0[\d\s./\p{Dash}]*|8\s*)[)\]]/u : /\d.*[([]\s*(0)\s*[)\]]/;
  const trunk = doubtful.exec(number)?.[1]?.trim();
  if (trunk !== undefined) {
    throw fail(
      `it is unclear whether the (${trunk}) is dialled`,
      `write the number without the (${trunk}), or without its brackets`,
    );
  }
}

function prefixed(digits: string, dialPrefix: string | undefined, fail: Fail): Dialled {
  if (!digits.startsWith('+')) return { dialled: digits, why: 'as written' };
  if (dialPrefix === undefined) {
    throw fail(
      'a phone has no + key',
      'set dialPlan in the config, or dialPrefix, such as dialPrefix: "00", or write 00',
    );
  }
  return { dialled: dialPrefix + digits.slice(1), why: `${dialPrefix} for the +` };
}
