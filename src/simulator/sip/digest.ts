import { createHash, randomBytes } from 'node:crypto';
import { bytesOf } from './bytes.ts';
import type { ChallengedRequest, Passwords } from './passwords.ts';

/** A challenge as parsed by sip.js. */
interface Challenge {
  readonly algorithm?: string;
  readonly realm?: string;
  readonly nonce?: string;
  readonly opaque?: string;
  readonly qop?: string | readonly string[];
  readonly stale?: boolean;
}

/** The request that was challenged. */
interface Challenged extends ChallengedRequest {
  readonly callId: string;
}

export interface DigestOptions {
  readonly user: string;
  readonly password: string;
  readonly passwords: Passwords;
  /** Whether this call is still meant; sip.js would call although it was cancelled meanwhile. */
  readonly isWanted: (callId: string) => boolean;
}

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** Digest as in RFC 8760, replacing that of sip.js, which supports only MD5. A password is tried once per nonce. */
export class Digest {
  stale = false;
  readonly #user: string;
  readonly #password: string;
  #line = '';
  #nonce = '';
  #count = 0;

  readonly #passwords: Passwords;
  readonly #isWanted: (callId: string) => boolean;

  constructor({ user, password, passwords, isWanted }: DigestOptions) {
    this.#user = user;
    this.#password = password;
    this.#passwords = passwords;
    this.#isWanted = isWanted;
  }

  /** Whether the challenge can be answered. */
  authenticate(request: Challenged, challenge: Challenge): boolean {
    if (request.method === 'INVITE' && !this.#isWanted(request.callId)) return false;
    const { algorithm = 'MD5', realm = '', nonce = '', opaque } = challenge;
    const hash = HASHES[algorithm.toUpperCase()];
    const offered = qopsOf(challenge);
    const qop = offered.includes('auth') ? 'auth' : undefined;
    if (hash === undefined || (offered.length > 0 && qop === undefined)) return false;
    if (nonce === '' || !this.#passwords.maySend(request, realm)) return false;
    if (nonce === this.#nonce && challenge.stale !== true && this.#count > 0) return false;
    this.#count = nonce === this.#nonce ? this.#count + 1 : 1;
    this.#nonce = nonce;
    const digest = (text: string) => createHash(hash).update(bytesOf(text)).digest('hex');
    const uri = String(request.ruri);
    const client = randomBytes(8).toString('hex');
    const count = this.#count.toString(16).padStart(8, '0');
    const middle = qop === undefined ? nonce : `${nonce}:${count}:${client}:${qop}`;
    const response = digest(
      `${digest(`${this.#user}:${realm}:${this.#password}`)}:${middle}:${digest(`${request.method}:${uri}`)}`,
    );
    this.#line = [
      `algorithm=${algorithm}`,
      `username="${this.#user}"`,
      `realm="${realm}"`,
      `nonce="${nonce}"`,
      `uri="${uri}"`,
      `response="${response}"`,
      ...(opaque === undefined || opaque === null ? [] : [`opaque="${opaque}"`]),
      ...(qop === undefined ? [] : [`qop=${qop}`, `cnonce="${client}"`, `nc=${count}`]),
    ].join(', ');
    return true;
  }

  toString(): string {
    return `Digest ${this.#line}`;
  }
}

function qopsOf({ qop = [] }: Challenge): readonly string[] {
  return [qop]
    .flat()
    .flatMap((words) => words.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
