import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PhoneReply } from '../reply.ts';

/** The credentials for the pages of a virtual phone. */
export interface WebLogin {
  readonly user: string;
  readonly password: string;
}

/** Requests user and password like a phone: HTTP Digest, MD5, qop=auth. */
export interface WebLock {
  /** The response to an unauthorized request; undefined if it is authorized. */
  refuse(method: string, uri: string, authorization: string | undefined): PhoneReply | undefined;
}

/** "try again in 3 minutes", as the page of a phone says. */
const LOCKED_FOR = 180_000;
const MOST_WRONG = 3;
/** How many challenges are remembered; a client that answers an older one is challenged again. */
const MOST_NONCES = 256;
const REALM = 'ATCOM';

/**
 * A lock that refuses everyone for three minutes after three wrong passwords. How a real phone counts is not known.
 *
 * @param now - the time in milliseconds; for tests
 */
export function newWebLock({ user, password }: WebLogin, now: () => number = Date.now): WebLock {
  const nonces = new Set<string>();
  let wrong = 0;
  let closedUntil = Number.NEGATIVE_INFINITY;
  const challenge = (): PhoneReply => {
    const nonce = randomBytes(16).toString('hex');
    nonces.add(nonce);
    for (const oldest of nonces) {
      if (nonces.size <= MOST_NONCES) break;
      nonces.delete(oldest);
    }
    const value = `Digest realm="${REALM}", qop="auth", nonce="${nonce}", opaque="5ccc", algorithm=MD5`;
    return { status: 401, body: 'Unauthorized\n', headers: { 'WWW-Authenticate': value } };
  };
  return {
    refuse(method, uri, authorization) {
      if (now() < closedUntil) return { status: 401, body: 'Please try again in 3 minutes\n' };
      if (authorization === undefined) return challenge();
      const given = fieldsOf(authorization);
      const { nonce = '', nc = '', cnonce = '', qop, response = '' } = given;
      // A header that answers no challenge says nothing about a password.
      if (!nonces.has(nonce) || qop !== 'auth' || given['uri'] !== uri) return challenge();
      const secret = md5(`${inBytes(user)}:${REALM}:${inBytes(password)}`);
      const right = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
      if (given['username'] === inBytes(user) && isEqual(response, right)) {
        wrong = 0;
        return undefined;
      }
      wrong += 1;
      if (wrong < MOST_WRONG) return challenge();
      wrong = 0;
      closedUntil = now() + LOCKED_FOR;
      return { status: 401, body: 'Please try again in 3 minutes\n' };
    },
  };
}

function fieldsOf(authorization: string): Readonly<Partial<Record<string, string>>> {
  const fields = authorization
    .replace(/^Digest /i, '')
    .matchAll(/(?<!\w)(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g);
  return Object.fromEntries(
    [...fields].map(([, name = '', quoted, token]) => [
      name,
      token ?? (quoted ?? '').replace(/\\(.)/g, '$1'),
    ]),
  );
}

/** A text in UTF-8, with a character for each byte, as Node gives a header. */
function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function md5(bytes: string): string {
  return createHash('md5').update(bytes, 'latin1').digest('hex');
}

function isEqual(given: string, right: string): boolean {
  return (
    given.length === right.length &&
    timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(right, 'latin1'))
  );
}
