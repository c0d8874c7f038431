import type { Exchange } from '../transport/exchange.ts';

/** Makes something unreadable in a text. */
export type Hide = (text: string) => string;

/** Longer secrets, in characters, are only hidden as they are: an expression for all spellings would be too large. */
const LONGEST = 300;

/**
 * Hides a secret, however it is escaped, in what a phone answers: some phones send back what they were sent. Of no
 * secret, nothing.
 */
export function hiderOf(secret = ''): Hide {
  if (secret === '') return (text) => text;
  if (secret.length > LONGEST) return (text) => text.replaceAll(secret, '***');
  const parts = secret.match(PART)?.map(partOf) ?? [];
  const pattern = new RegExp(`${literal(secret)}|${parts.join('')}`, 'gi');
  return (text) => text.replace(pattern, '***');
}

/** What of a secret is matched together, because only the length of the whole tells how it was written. */
const PART = /\\+|[^\0-\x7f]+|[\0-\x7f]/gu;

/** A part of a secret as an expression. */
function partOf(part: string, index: number): string {
  const chars = [...part];
  const each = chars.map((char) => `(?:${spellingsOf(char).join('|')})`).join('');
  if (/^[\0-[\]-\x7f]/.test(part)) return each;
  // Escaped; or read in another encoding than it was written in.
  const [letter, most] = part.startsWith('\\')
    ? ['\\\\', 2 * chars.length]
    : ['\ufffd', Buffer.byteLength(part)];
  const run = `${letter}{${chars.length},${most}}`;
  // What a lookahead matched is not tried in other ways, of which a text of thousands of such characters has too many.
  return `(?=(?<run${index}>${each}|${run}))\\k<run${index}>`;
}

/** Each way in which servers write a character, as expressions; longer ones first. */
function spellingsOf(char: string): readonly string[] {
  const code = char.codePointAt(0) ?? 0;
  const bytes = Buffer.from(char);
  const isWord = /[a-z\d]/i.test(char);
  const spellings = [
    // In HTML: by number, and any name, of which there are thousands.
    ...[`&#0*${code};`, `&#x0*${code.toString(16)};`, ...(isWord ? [] : ['&[a-z]{2,8}\\d{0,2};'])],
    // In JSON, in which anything may be escaped.
    ...[Array.from({ length: char.length }, (_, index) => jsonEscape(char.charCodeAt(index))).join('')],
    ...(isWord || char === '\\' ? [] : [`\\\\${literal(char)}`]),
    // In a URL and in a form: UTF-8, or Latin-1.
    ...[bytes, ...(code > 0x7f && code <= 0xff ? [[code]] : [])].map((each) =>
      Array.from(each, percent).join(''),
    ),
    ...(char === ' ' ? ['\\+'] : []),
    ...(code > 0x7f ? [literal(bytes.toString('latin1'))] : []),
    ...(char === '\\' ? [] : [literal(char)]),
  ];
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

const percent = (byte: number) => `%${byte.toString(16).padStart(2, '0')}`;

const jsonEscape = (unit: number) => `\\\\u${unit.toString(16).padStart(4, '0')}`;

/** A text as an expression that matches it alone. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** An answer without the proof in the `Authorization` header of its request. */
export function withoutProof(result: Exchange, authorization: string): Exchange {
  if (result.kind !== 'answer') return result;
  const [, basic, response] = /^Basic ([^=]+)|\bresponse="(\w+)"/.exec(authorization) ?? [];
  const hide = hiderOf(basic ?? response);
  return { ...result, head: hide(result.head), body: hide(result.body) };
}
