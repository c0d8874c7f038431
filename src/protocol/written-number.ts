import { AtcomError } from '../errors.ts';

/** A number as people and programs write it, taken apart; nothing of it is lost. */
export interface WrittenNumber {
  /** What is to be dialled: digits, `*`, `#`, a `+`, letters, and what people put between them. */
  readonly number: string;
  /** Digits to press once the call is up, with `,` for a pause; from `,1234`, `p1234`, `;ext=` or `;postd=`. */
  readonly afterAnswer?: string;
  /** The host of a SIP address. */
  readonly host?: string;
}

/** In letters; far more than a number with everything that can stand around it. */
const LONGEST = 300;

/** Where the digits for after the answer begin: at a comma, a pause of a mobile phone, or the word for an extension. */
const TAIL = /^([^,]*?\d[^a-z,]*?)\s*(?:,|[pw](?=[\s\d*#,pw])|(?:x|ext(?:ension|n)?[.:]?)(?=\s*\d))(.*)$/is;

/**
 * Takes a written number apart: `6040`, `030 123-45`, `tel:+49-30-1;ext=12`, `sip:6040@pbx`, `555,1234`.
 *
 * @throws {AtcomError} `invalid-number` for a part that means something and would be lost
 */
export function readWritten(input: string): WrittenNumber {
  const fail = (reason: string, hint: string) => new AtcomError('invalid-number', { input, reason, hint });
  if (input.length > LONGEST) throw fail('it is longer than any number', 'give a number such as 6040');
  const { body, host } = withoutScheme(input, fail);
  const [before, query] = split(body, '?');
  if (query !== undefined) throw fail(`${JSON.stringify(`?${query}`)} would be lost`, WITHOUT);
  const [text, parameters] = split(before, ';');
  const [, number = text, tail] = TAIL.exec(text) ?? [];
  const thens = [
    ...(tail === undefined ? [] : [tail]),
    ...(parameters?.split(';').flatMap((each) => parameterDigits(each, host !== undefined, fail)) ?? []),
  ];
  if (thens.length > 1) throw fail('two of its parts are digits for after the answer', 'keep one of them');
  const afterAnswer = thens[0]?.replace(/[pw]/gi, ',').trim();
  if (afterAnswer === '')
    throw fail('no digits follow for after the answer', 'write 555,1234, or only the number');
  return {
    number: number.trim(),
    ...(afterAnswer === undefined ? {} : { afterAnswer }),
    ...(host === undefined ? {} : { host }),
  };
}

/**
 * A number and the digits for once the call is up, which may stand in it or beside it.
 *
 * @param afterAnswer - the digits that stand beside it
 * @throws {AtcomError} `invalid-number`, also where both are there
 */
export function splitWritten(
  input: string,
  afterAnswer?: string,
): { readonly number: string; readonly afterAnswer?: string } {
  const { number, host, afterAnswer: within } = readWritten(input);
  if (within === undefined) return { number: input, ...(afterAnswer === undefined ? {} : { afterAnswer }) };
  if (afterAnswer !== undefined) {
    const reason = `digits for after the answer stand in it, and ${afterAnswer} beside it`;
    throw new AtcomError('invalid-number', { input, reason, hint: 'keep one of them' });
  }
  return {
    number: host === undefined ? number : `sip:${encodeURIComponent(number)}@${host}`,
    afterAnswer: within,
  };
}

/** The digits of a parameter such as `ext=12`; one that means something else is not dropped in silence. */
function parameterDigits(parameter: string, inSip: boolean, fail: Fail): readonly string[] {
  const [name, value = ''] = split(parameter, '=');
  if (/^(ext|postd)$/i.test(name)) return [value.replace(/^[pw]/i, '')];
  // It says only that what stands before the @ is a number.
  if (inSip && /^user=phone$/i.test(parameter)) return [];
  throw fail(`${JSON.stringify(`;${parameter}`)} would be lost`, HINTS[name.toLowerCase()] ?? WITHOUT);
}

const WITHOUT = 'write the number without it';

/** What to do about a part that cannot be dialled. */
const HINTS: Readonly<Record<string, string>> = {
  'phone-context': 'write the whole number, with the prefix that the context stands for',
  isub: 'a phone has no key for a subaddress; write the number without it',
};

type Fail = (reason: string, hint: string) => AtcomError<'invalid-number'>;

/** The text behind `tel:`, `callto:`, `sip:` or `uri:tel:`; what is escaped in it is plain then. */
function withoutScheme(input: string, fail: Fail): { readonly body: string; readonly host?: string } {
  // What nobody sees, such as the marks around a number that was copied from a list of contacts.
  const text = input.replace(/\p{Cf}/gu, '').trim();
  const [, scheme, rest] = /^(?:uri:)?(tel|callto|sips?):(?:\/\/)?(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return { body: text };
  const body = unescaped(rest);
  if (!/^sip/i.test(scheme)) return { body };
  const at = body.indexOf('@');
  if (at < 0) {
    // Its digits would be the name or the address of a host.
    throw fail('it names no user, only a host', 'write sip:6040@host, or only the number');
  }
  const [user, secret] = split(body.slice(0, at), ':');
  if (secret !== undefined) throw fail('it holds a password', 'write it without the password');
  const address = body.slice(at + 1);
  const end = address.search(/[;?]|$/);
  const host = address.slice(0, end).replace(/:\d+$/, '').toLowerCase();
  return { body: user + address.slice(end), host };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function split(text: string, mark: string): readonly [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
