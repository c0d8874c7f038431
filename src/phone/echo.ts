import { perProcess } from '../per-process.ts';
import { basic, type Credentials } from '../transport/authorization.ts';

/** Makes something unreadable in a text. */
export type Hide = (text: string) => string;

const HIDDEN = '***';

/** So many characters of a secret are looked for; where they are, the rest of a longer one follows. */
const LONGEST = 100;

/**
 * Hides a secret, however it is escaped, in what a phone answers: some phones send back what they were sent. Of no
 * secret, nothing.
 */
export function hiderOf(secret = ''): Hide {
  if (secret === '') return (text) => text;
  const chars = [...secret];
  const begin = chars.slice(0, LONGEST).join('');
  const parts = begin.match(PART)?.map(partOf) ?? [];
  const rest = chars.length > LONGEST ? '[^]*' : '';
  const pattern = new RegExp(`(?:${literal(begin)}|${parts.join('')})${rest}`, 'gi');
  return (text) => text.replace(pattern, HIDDEN);
}

/** What of a secret is matched together, because only the length of the whole tells how it was written. */
const PART = /\\+|[^\0-\x7f]+|[\0-\x7f]/gu;

/** A part of a secret as an expression. */
function partOf(part: string, index: number): string {
  const chars = [...part];
  const each = chars.map((char) => `(?:${spellingsOf(char).join('|')})`).join('');
  if (/^[\0-[\]-\x7f]/.test(part)) return each;
  // Escaped; or read in another encoding than it was written in.
  const count = chars.length;
  const run = part.startsWith('\\')
    ? `\\\\{${count},${2 * count}}`
    : // Looked for only where such characters begin, because an answer may consist of them.
      `(?<!\ufffd)\ufffd{${count},}`;
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
    ...[
      `#0*${code};?`,
      `#x0*${code.toString(16)};?`,
      ...(isWord ? [] : ['[a-z]{2,8}\\d{0,2};', '(?:amp|lt|gt|quot)']),
    ].map((rest) => AMPERSAND + rest),
    // In JSON and JavaScript, in which anything may be escaped.
    ...[Array.from({ length: char.length }, (_, index) => jsonEscape(char.charCodeAt(index))).join('')],
    ...(isWord || char === '\\' ? [] : [`\\\\${literal(char)}`]),
    ...(code <= 0xff ? [`\\\\x${hex(code)}`] : []),
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

/** Itself escaped, where HTML is in JSON, or a URL in HTML. */
const AMPERSAND = '(?:&(?:amp;)?|\\\\u0026|\\\\x26|%26)';

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

const percent = (byte: number) => `%(?:25)?${hex(byte)}`;

/** As JSON does, or JavaScript's own `escape`. */
const jsonEscape = (unit: number) => `(?:\\\\|%(?:25)?)u${unit.toString(16).padStart(4, '0')}`;

/** A text as an expression that matches it alone. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** What this process has sent as proofs, by Basic or Digest, the last ones. */
const proofs = perProcess('proofs', () => new Set<string>());

const MOST_PROOFS = 10_000;

/**
 * Hides what proves the password, be it of this request or of an earlier one, which a phone may remember.
 *
 * @param credentials - what Basic sends with every request, if that is used
 */
export function proofHider(credentials: Credentials | undefined): Hide {
  const [, inBase64] = credentials === undefined ? [] : basic(credentials).split(/[ =]/);
  const hideBasic = hiderOf(inBase64);
  // Each is another one, and an expression for each would take longer than the request. No server escapes such digits.
  return (text) =>
    hideBasic(text)
      .replace(/[a-z\d+/]{8,}/gi, (word) => (proofs.has(word) ? HIDDEN : word))
      .replace(/[\da-f]{32,}/gi, withoutProof);
}

/** Remembers what an `Authorization` is about to prove the password with. */
export function rememberProof(authorization: string): void {
  const [, response] = /\bresponse="(\w+)"/.exec(authorization) ?? [];
  const [, proof = response] = /^Basic ([^=]+)/.exec(authorization) ?? [];
  if (proof === undefined) return;
  proofs.add(proof);
  const [oldest = ''] = proofs;
  if (proofs.size > MOST_PROOFS) proofs.delete(oldest);
}

/** The lengths of MD5 and SHA-256 in hexadecimal digits. */
const LENGTHS = [64, 32] as const;

/** Hexadecimal digits without those of a proof. */
function withoutProof(digits: string): string {
  const lower = digits.toLowerCase();
  for (let at = 0; at < lower.length; at += 1) {
    const length = LENGTHS.find((each) => proofs.has(lower.slice(at, at + each)));
    if (length !== undefined) return digits.slice(0, at) + HIDDEN + withoutProof(digits.slice(at + length));
  }
  return digits;
}
