import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';
import { unescaped } from './unescaped.ts';

/** A number as people and programs write it, split into parts without loss. */
export interface WrittenNumber {
  /** The part to dial: digits, `*`, `#`, a `+`, letters, and separators. */
  readonly number: string;
  /** Digits to press once the call is up, with `,` for a pause; from `,1234`, `p1234`, `;ext=` or `;postd=`. */
  readonly afterAnswer?: string;
  /** The host of a SIP address. */
  readonly host?: string;
}

/** In characters; far more than any number with everything that can surround it. */
const LONGEST = 300;

/** Where the digits for after the answer start: at a comma, a mobile phone's pause, or the word for an extension. */
const TAIL =
  /^([^,]*?\d[^a-z,]*?)\s*(?:,|[pw](?=[\s\d*#,pw])|[([]?(?:x|ext(?:ension|n)?[.:]?)(?=\s*\d))(.*)$/is;

/**
 * Splits a written number into parts: `6040`, `030 123-45`, `tel:+49-30-1;ext=12`, `sip:6040@pbx`, `555,1234`.
 *
 * @throws {AtcomError} `invalid-number` for a meaningful part that would be lost
 */
export function readWritten(input: string): WrittenNumber {
  const shown = withoutPassword(input);
  const fail = (reason: string, hint: string) =>
    new AtcomError('invalid-number', { input: shown, reason, hint });
  // Its parts would show what the whole does not. `sip://6040@pbx` has no password.
  const bare = withoutSlashes(input);
  if (withoutPassword(bare) !== bare) throw fail(...SECRET);
  if (input.length > LONGEST) throw fail('it is longer than any number', 'give a number such as 6040');
  if (/[\n\v\f\r\u0085\u2028\u2029]/.test(input.trim()))
    throw fail('it spans several lines', 'give one number on one line');
  const { body, host } = withoutScheme(input, fail);
  const [before, query] = split(body, '?');
  if (query !== undefined) throw fail(`${JSON.stringify(`?${query}`)} would be lost`, WITHOUT);
  const [text, parameters] = split(before, ';');
  const [, number = text, tail] = TAIL.exec(text) ?? [];
  const thens = [
    ...(tail === undefined ? [] : [tail]),
    ...(parameters?.split(';').flatMap((each) => parameterDigits(each, host !== undefined, fail)) ?? []),
  ];
  if (thens.length > 1) throw fail('two of its parts are to be pressed after the answer', 'keep one of them');
  const afterAnswer = thens[0]
    ?.replace(/[pw]/gi, ',')
    .replace(/(?<![\s)\]])[\s)\]]+$/, '')
    .trim();
  if (afterAnswer !== undefined && /^[,\s]*$/.test(afterAnswer))
    throw fail('there are no digits to press after the answer', 'write 555,1234, or only the number');
  return {
    number: number.trim(),
    ...(afterAnswer === undefined ? {} : { afterAnswer }),
    ...(host === undefined ? {} : { host }),
  };
}

/**
 * A number and the digits for after the answer, which may be part of it or given separately.
 *
 * @param afterAnswer - the digits given separately
 * @throws {AtcomError} `invalid-number`, also if digits are given in both places
 */
export function splitWritten(
  input: string,
  afterAnswer?: string,
): { readonly number: string; readonly afterAnswer?: string } {
  const { number, host, afterAnswer: within } = readWritten(input);
  if (within === undefined) return { number: input, ...(afterAnswer === undefined ? {} : { afterAnswer }) };
  if (afterAnswer !== undefined) {
    const reason = `digits to press after the answer are given twice: within it, and as ${afterAnswer}`;
    throw new AtcomError('invalid-number', { input, reason, hint: 'keep one of them' });
  }
  return {
    number: host === undefined ? number : `sip:${encodeURIComponent(number)}@${host}`,
    afterAnswer: within,
  };
}

/** The digits of a parameter such as `ext=12`; a parameter with another meaning is an error, not dropped silently. */
function parameterDigits(parameter: string, inSip: boolean, fail: Fail): readonly string[] {
  const [name, value = ''] = split(parameter, '=');
  if (/^(ext|postd)$/i.test(name)) return [value.replace(/^[pw]/i, '')];
  // This parameter only says that the user part is a number.
  if (inSip && /^user=phone$/i.test(parameter)) return [];
  throw fail(`${JSON.stringify(`;${parameter}`)} would be lost`, HINTS[name.toLowerCase()] ?? WITHOUT);
}

/** Without the slashes behind `sip:`, after which a user would count as a secret. */
function withoutSlashes(input: string): string {
  return input.replace(/^((?:uri:)?sips?:)\/\//i, '$1');
}

const WITHOUT = 'write the number without it';
const SECRET = ['it contains a password', 'write it without the password'] as const;

/** The remedy for a part that cannot be dialled. */
const HINTS: Readonly<Record<string, string>> = {
  'phone-context': 'write the whole number, with the prefix that the context stands for',
  isub: 'a phone has no key for a subaddress; write the number without it',
};

type Fail = (reason: string, hint: string) => AtcomError<'invalid-number'>;

/** The text after `tel:`, `callto:`, `sip:` or `uri:tel:`, unescaped. */
function withoutScheme(input: string, fail: Fail): { readonly body: string; readonly host?: string } {
  // Invisible characters, such as the marks around a number copied from a contact list. U+202E stays, and is refused: the
  // digits behind it are shown in reverse.
  const text = input.replace(/(?!\u202e)\p{Cf}/gu, '').trim();
  const [, scheme, rest] = /^(?:uri:)?(tel|callto|sips?):(?:\/\/)?(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { body: text };
  const body = unescaped(rest);
  if (!/^sip/i.test(scheme)) return { body };
  const at = body.indexOf('@');
  if (at < 0) {
    // Its digits would be those of a host name or an address.
    throw fail('it has a host but no user', 'write sip:6040@host, or only the number');
  }
  const user = body.slice(0, at);
  const address = body.slice(at + 1);
  const end = address.search(/[;?]|$/);
  // Another port can be another PBX.
  const host = address
    .slice(0, end)
    .replace(/:506[01]$/, '')
    .toLowerCase();
  return { body: user + address.slice(end), host };
}

function split(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
