import { withoutPasswords } from '../errors/passwords.ts';
import { type Hide, isSecret, withoutQuerySecrets } from '../phone/index.ts';

/** A field value in the page's JSON. */
export type PageValue =
  | string
  | number
  | boolean
  | null
  | readonly PageValue[]
  | { readonly [name: string]: PageValue };

/** The fields of a page, in order. */
export type PageFields = ReadonlyMap<string, PageValue>;

/** A page that a phone answered. */
export interface AnsweredPage {
  readonly fields: PageFields;
  /** Pages are sent in UTF-8: others can be read, but what is not ASCII in them would go back as something else. */
  readonly isUtf8: boolean;
}

/** The fields of a page that can be sent back: all of them are strings. */
export type TextFields = ReadonlyMap<string, string>;

/** Why a page is not as expected. */
export interface Strange {
  readonly reason: string;
  /** What to do about it, if the page is in a known form. */
  readonly hint?: string;
}

/** More fields than any page has. */
const MOST_FIELDS = 1000;
/** Pages are flat. Anything nested deeper than this is not a page, and could not be serialized again either. */
const DEEPEST = 8;

/** Parses the JSON of a page. It comes from the network, so anything unexpected is rejected here. */
export function parsePage(body: string): PageFields | Strange {
  const text = body.replace(/^\uFEFF/, '').trim();
  if (text === '') return { reason: 'its answer is empty' };
  if (text.startsWith('<')) return { reason: 'its answer is a web page, not JSON' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'its response is not complete JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { reason: 'its response is not a JSON object' };
  const entries = Object.entries(value);
  if (entries.length > MOST_FIELDS) return { reason: `its answer has ${entries.length} fields` };
  if (entries.some(([, inner]) => isDeeper(inner, DEEPEST))) return { reason: 'its answer is too deep' };
  return new Map(entries as [string, PageValue][]);
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/**
 * The fields of a page that is to be sent back as a whole. A text that would not survive the round trip, or a password
 * that the phone masks, must not be written back: that would change what nobody wanted to change.
 */
export function textFields({ fields, isUtf8 }: AnsweredPage, hide: Hide): TextFields | Strange {
  if (fields.size === 0) return { reason: 'it has no fields' };
  const texts = new Map<string, string>();
  const changing = isUtf8 ? /[\p{Surrogate}\uFFFD]/u : /[^\p{ASCII}]/u;
  for (const [name, value] of fields) {
    if (typeof value !== 'string') return { reason: `its field ${shownName(name, hide)} is not text` };
    if (changing.test(name + value))
      return {
        reason: `its field ${shownName(name, hide)} is not in UTF-8, so it cannot be sent back as it is`,
      };
    if (isMasked(name, value))
      return { reason: `its field ${shownName(name, hide)} is masked, so it cannot be sent back as it is` };
    texts.set(name, value);
  }
  return texts;
}

function isMasked(name: string, value: string): boolean {
  const secrets = [...(isSecret(name) ? [value] : []), ...secretsIn(value)];
  return (
    MASK.test(unescaped(value).trim()) ||
    secrets.some((secret) => MASK_OF_SECRET.test(unescaped(secret).trim()))
  );
}

/** The passwords of the URLs in a text, and the values of parameters with the name of a secret. */
function secretsIn(text: string): readonly string[] {
  return [
    ...Array.from(text.matchAll(URL_PASSWORD), ([, password = '']) => password),
    ...Array.from(text.matchAll(PARAMETER), ([, name = '', value = '']) => (isSecret(name) ? value : '')),
  ];
}

/** `http://user:password@` or `sip:user:password@`; in `sip:###@pbx`, that is a number. */
const URL_PASSWORD = /:(?:\/\/)?[^\s:@/]+:([^\s:@/]+)@/g;
const PARAMETER = /[?&;]([^?&;=\s]+)=([^?&;\s"]*)/g;

/** A mask, also as the password or a parameter of a URL, whatever the name of the field is. */
const MASK = /(?:^|[:=])[*•●]{3,}(?:$|[@&;,\s"])/;
/** Of a password that is `1111`, the digits may be its own. */
const MASK_OF_SECRET = /^(?:[*•●]+|([^\p{L}\p{N}])\1\1+|[xX]{3,})$|[*•●]{3}/u;

const HIDDEN = '***';

/** A value in the form in which it may be shown: no password, and no credentials in a URL. */
function shownValue(name: string, value: PageValue, hide: Hide): PageValue {
  if (isSecret(name)) return HIDDEN;
  if (typeof value === 'string') return hide(value);
  if (typeof value === 'number') return hide(String(value)) === String(value) ? value : HIDDEN;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => shownValue('', inner, hide));
  return Object.fromEntries(
    Object.entries(value).map(([inner, held]) => [hide(inner), shownValue(inner, held, hide)]),
  );
}

/** A text without the listener's secret, or the user and password in a URL. */
export function shownText(text: string): string {
  return withoutPasswords(withoutQuerySecrets(text));
}

/** The fields of a page in the form in which they may be shown. */
export function shownFields(fields: PageFields, hide: Hide): PageFields {
  return new Map([...fields].map(([name, value]) => [hide(name), shownValue(name, value, hide)]));
}

const LONGEST_BODY = 2000;

/** What stands between a name and its value in all forms of text, and the rest of the line, which may be the value. */
const VALUE = /[\s"'\\]*[=:>,;|](?![\s"'\\]*\*\*\*)[\s"'\\]*\S.*/y;

/**
 * A text of an unknown form without anything that may be the value of a secret: only JSON says where a value ends, so the
 * whole line is left out.
 */
function withoutSecrets(text: string): string {
  const plain = unescaped(text);
  let [shown, from] = ['', 0];
  for (const { 0: name, index } of plain.matchAll(/[\w.-]+/g)) {
    VALUE.lastIndex = index + name.length;
    if (index < from || !isSecret(name) || !VALUE.test(plain)) continue;
    shown += `${plain.slice(from, index + name.length)} ${HIDDEN}`;
    from = VALUE.lastIndex;
  }
  return from === 0 ? text : shown + plain.slice(from);
}

/** The head of a response in the form in which it may be shown. */
export function shownHead(head: string, hide: Hide): string {
  return withoutSecrets(hide(head));
}

/** A response body in the form in which it may be shown, whether it is a page, a fragment or HTML. */
export function shownBody(body: string, hide: Hide): string {
  const fields = parsePage(body);
  if (!('reason' in fields)) return JSON.stringify(Object.fromEntries(shownFields(fields, hide)));
  const inputs = /(<input\b[^>]*?\bvalue\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
  const members = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/g;
  // Limited, because a body that is not a page can be anything.
  return withoutSecrets(
    hide(body)
      .slice(0, LONGEST_BODY)
      .replace(inputs, `$1${HIDDEN}`)
      .replace(members, (whole, name: string, colon: string) =>
        isSecret(unescaped(name)) ? `"${name}"${colon}"${HIDDEN}"` : whole,
      ),
  );
}

/** The text after unescaping: `\u0070assword` is a password, too, and `%3D` may stand before one. */
function unescaped(text: string): string {
  return text.replace(/(?:\\u00|\\x|%|&#x)([\da-f]{2});?|&#(\d{2,3});/gi, (_, hex = '', decimal = '') =>
    String.fromCharCode(hex === '' ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

const LONGEST_NAME = 40;

/** A name from the network without the phone's password, shortened, and quoted unless it is one word. */
export function shownName(field: string, hide: Hide): string {
  const name = hide(field);
  const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
  return /^[\w.*-]+$/.test(short) ? short : JSON.stringify(short);
}

const MOST_NAMES = 80;

/** The names of the fields that were present. */
export function shownNames(fields: PageFields, hide: Hide): readonly string[] {
  const names = [...fields.keys()].slice(0, MOST_NAMES).map((name) => shownName(name, hide));
  return fields.size > MOST_NAMES ? [...names, `… (${fields.size})`] : names;
}
