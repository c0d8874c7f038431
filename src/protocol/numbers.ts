import { AtcomError } from '../errors.ts';

declare const dialable: unique symbol;

/** Digits and `*`, checked: only a parser makes one, so unchecked text cannot reach the wire. */
export type DialString = string & { readonly [dialable]: true };

/** What a written number becomes: runs of digits, and the key for `#`. */
export type NumberToken =
  | { readonly kind: 'digits'; readonly digits: DialString }
  | { readonly kind: 'pound' };

/** How a phone wants numbers. */
export interface NumberSettings {
  /** What replaces a leading `+`, such as `00`; no key of a phone is a `+`. */
  readonly dialPrefix?: string | undefined;
}

/**
 * Reads a number as people write it. Blanks, dots, dashes, brackets and slashes are dropped; `tel:`, `callto:` and
 * `sip:user@host` are understood; `#` is a key of its own (document, "Digits 0~9, *, POUND").
 *
 * @throws {AtcomError} `invalid-number`, with the reason and what to do
 */
export function parseNumber(text: string, { dialPrefix }: NumberSettings = {}): readonly NumberToken[] {
  const fail = (reason: string, hint: string) =>
    new AtcomError('invalid-number', { input: text, reason, hint });
  const written = withoutScheme(text);
  let dialled = written.replace(/[\s.\p{Dash}()[\]/]/gu, '');
  if (/^\+?$/.test(dialled)) throw fail('it has no digits', 'give a number such as 6040');
  if (dialled.startsWith('+')) {
    if (/\(\s*0\s*\)/.test(written)) {
      throw fail('whether the (0) is dialled after a + is unclear', 'write the number without the (0)');
    }
    if (dialPrefix === undefined) {
      throw fail(
        'a phone has no + key',
        'set dialPrefix in the config, such as dialPrefix: "00", or write 00',
      );
    }
    dialled = dialPrefix + dialled.slice(1);
  }
  const wrong = dialled.match(/[^0-9*#]/u);
  if (wrong !== null) {
    throw fail(`${JSON.stringify(wrong[0])} is not on a keypad`, 'use digits, * and #');
  }
  return dialled
    .split(/(#)/)
    .flatMap((part): NumberToken[] =>
      part === ''
        ? []
        : part === '#'
          ? [{ kind: 'pound' }]
          : [{ kind: 'digits', digits: part as DialString }],
    );
}

/** Digits and `*` as they are, for text that already looks like the wire; undefined for anything else. */
export function asDialString(text: string): DialString | undefined {
  return /^[0-9*]+$/.test(text) ? (text as DialString) : undefined;
}

/**
 * The number inside `tel:…`, `callto:…` and `sip:user@host`; other text as it is. A SIP address without a user names
 * a host, and its digits are no number.
 */
function withoutScheme(text: string): string {
  const uri = /^(?:tel|callto):(?:\/\/)?([^;?]*)|^sips?:([^;?@:]*)[^@]*@/i.exec(text.trim());
  const number = uri?.[1] ?? uri?.[2];
  if (number === undefined) return text;
  try {
    return decodeURIComponent(number);
  } catch {
    return number;
  }
}
