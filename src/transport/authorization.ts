import { createHash, randomBytes } from 'node:crypto';
import { headerValues } from './wire.ts';

/** The user name and password for one phone. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** One challenge of a `WWW-Authenticate` header. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The hashes of RFC 7616 that phones support, best first. */
const HASHES: Readonly<Record<string, string>> = { 'SHA-256': 'sha256', MD5: 'md5' };

/** The value of a Basic `Authorization` header, RFC 7617, in UTF-8. */
export function basic({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/**
 * The value of a Digest `Authorization` header (RFC 7616, qop=auth, or RFC 2069 where the phone offers no qop).
 * Undefined if no challenge offers a supported hash and quality of protection.
 *
 * @param uri - path and query, as in the request line
 */
export function digest(
  challenges: readonly Challenge[],
  credentials: Credentials,
  uri: string,
  {
    method = 'GET',
    cnonce = randomBytes(16).toString('hex'),
  }: { readonly method?: 'GET' | 'POST'; readonly cnonce?: string } = {},
): string | undefined {
  // Values of a challenge are sent back in a header, which must not contain control characters of ASCII; others are parts of letters.
  const offered = challenges
    .filter(
      ({ scheme, parameters }) =>
        scheme === 'digest' && !/(?=\p{ASCII})\p{Cc}/u.test(Object.values(parameters).join('')),
    )
    .map(({ parameters }) => parameters);
  for (const [algorithm, hash] of Object.entries(HASHES)) {
    const challenge = offered.find(
      ({ algorithm: name = 'MD5', qop, nonce }) =>
        name.toUpperCase() === algorithm &&
        nonce !== undefined &&
        (qop === undefined || /\bauth\b(?!-)/.test(qop)),
    );
    if (challenge !== undefined)
      return answer(challenge, { algorithm, hash }, credentials, { method, uri, cnonce });
  }
  return undefined;
}

function answer(
  { realm = '', nonce = '', opaque, qop, algorithm: named }: Challenge['parameters'],
  { algorithm, hash }: { readonly algorithm: string; readonly hash: string },
  { user, password }: Credentials,
  { method, uri, cnonce }: { readonly method: string; readonly uri: string; readonly cnonce: string },
): string {
  // What the phone says is text with a character for each byte, whatever its encoding is; it hashes the same bytes.
  const digestOf = (...parts: string[]) => createHash(hash).update(parts.join(':'), 'latin1').digest('hex');
  const secret = digestOf(inBytes(user), realm, inBytes(password));
  const request = digestOf(method, uri);
  const response =
    qop === undefined
      ? digestOf(secret, nonce, request)
      : digestOf(secret, nonce, '00000001', cnonce, 'auth', request);
  const fields = [
    `username=${quoted(inBytes(user))}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(named === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(qop === undefined ? [] : ['qop=auth', 'nc=00000001', `cnonce=${quoted(cnonce)}`]),
    `response=${quoted(response)}`,
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
  ];
  return `Digest ${fields.join(', ')}`;
}

/** A text in UTF-8, with a character for each byte. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** What the head of a response asks for. */
export function challengesIn(head: string): readonly Challenge[] {
  return parseChallenges(headerValues(head, 'www-authenticate'));
}

/** Reads the values of `WWW-Authenticate` headers; one value can hold several challenges. */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap((value) => {
    const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
    // A scheme is a word without `=`; a parameter is name=token or name="quoted".
    for (const match of value.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w-]+)/g)) {
      const [, name, quotedValue, token, scheme] = match;
      if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
      const current = challenges.at(-1);
      if (name !== undefined && current !== undefined) {
        current.parameters[name.toLowerCase()] = token ?? (quotedValue ?? '').replace(/\\(.)/g, '$1');
      }
    }
    return challenges;
  });
}
