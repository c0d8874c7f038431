import { createHash } from 'node:crypto';
import { perProcess } from '../../per-process.ts';
import { accountPort } from '../../protocol/sip-place.ts';
import type { SipIdentity } from './account.ts';
import { type Hop, headerOf, headersOf, hopOf, type MessageHead } from './message.ts';

/** What PBXes have said of passwords during this process. */
const { failures, taken, underWay } = perProcess('sip-passwords', () => ({
  /** How often in a row they have not taken one. */
  failures: new Map<string, number>(),
  taken: new Set<string>(),
  /** With which registration one is being tried. Other phones with the same login wait for the result. */
  underWay: new Map<string, Attempt>(),
}));

interface Attempt {
  readonly by: Passwords;
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** A stale nonce is no refusal, but a PBX that gives no other gets the password no more often in a row. */
const MOST = 3;

/** What a PBX answers to a call only after it has taken the password: it rings, or the number is wrong or busy. */
const PAST_PASSWORD: readonly number[] = [180, 404, 480, 484, 486, 600, 603];

/** What a forbidden call counts as, as long as the password was never taken: a second one says that it is wrong. */
const FORBIDDEN_CALL = 2;

const CHALLENGES = ['www-authenticate', 'proxy-authenticate'] as const;

/** A registrar may take a password that the proxy for calls does not. */
type Purpose = 'registration' | 'call';

/** Where a request goes in the end, as sip.js has read it. */
interface RequestUri {
  readonly host: string;
  readonly port?: number | undefined;
  toString(): string;
}

/** A request for which the password is asked. */
export interface ChallengedRequest {
  readonly method: string;
  readonly ruri: RequestUri;
  /** Empty outside of a call. */
  readonly toTag?: string | undefined;
}

/** A request with the password that has no final answer yet. */
interface Sent {
  readonly realm: string;
  readonly uri: string;
  /** It removes all registrations, which not every registrar allows; it has taken the password before. */
  readonly removesAll: boolean;
}

/**
 * The password of an account, on the wire. Once the PBX has refused it, this process does not send it there again: PBXes
 * lock out who tries several times.
 */
export class Passwords {
  readonly #account: readonly unknown[];
  /** The PBX, as it is found and as it is written. */
  readonly #hops: readonly Hop[];
  /** A PBX may serve several, each with its own users. */
  readonly #domain: string;
  /** By the branch of the request. */
  readonly #sent = new Map<string, Sent>();
  #isFinal = false;
  /** Of the registrar, as it has named it itself. */
  #realm: string | undefined;
  #closed = false;
  /** What another phone tries meanwhile. */
  #other: Attempt | undefined;

  constructor(pbx: Hop, { place, next }: SipIdentity, user: string, password: string) {
    this.#account = [pbx.host, accountPort(pbx.port), user, password];
    this.#hops = [pbx, next];
    this.#domain = place;
  }

  /** The registrar has refused the password, now or before. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /**
   * Whether it may be sent; what the registrar has refused, is for no calls either. A PBX may pass on what the other side
   * of a call asks for, so only the realm that the registrar has named is answered. Where it has named none, the start of
   * a call is answered, but nothing within one. Anybody can learn that realm, so within a call, the PBX must be its other
   * end itself, as Asterisk is, and not merely pass on what it is sent, as kamailio does.
   */
  maySend({ method, ruri, toTag = '' }: ChallengedRequest, realm: string): boolean {
    if (method === 'REGISTER') this.#realm = realm;
    else if (this.#realm === undefined ? toTag !== '' : realm !== this.#realm) return false;
    else if (toTag !== '' && !this.#isPbx(ruri)) return false;
    if (this.#isRefused('registration', realm)) {
      if (method === 'REGISTER') this.#isFinal = true;
      return false;
    }
    // Calls at the same moment do not wait for each other: each has its own time.
    if (method !== 'REGISTER') return !this.#isRefused('call', realm, String(ruri));
    const places = this.#places('registration', realm);
    const attempts = places.map((place) => underWay.get(place));
    this.#other = attempts.find((attempt) => attempt !== undefined && attempt.by !== this);
    if (this.#other !== undefined) return false;
    if (!this.#isTaken(realm)) this.#begin(places);
    return true;
  }

  #isPbx(uri: RequestUri): boolean {
    const isTls = /^sips:|;transport=tls/i.test(String(uri));
    const target = hopOf(`sip:${uri.host}:${uri.port ?? (isTls ? 5061 : 5060)}`);
    return this.#hops.some(({ host, port }) => host === target?.host && port === target.port);
  }

  /** Others may wait for an attempt of this phone already, so it goes on where there is one. */
  #begin(places: readonly string[]): void {
    for (const place of places) if (!underWay.has(place)) underWay.set(place, newAttempt(this));
  }

  /** Asks the registrar, and once more after another phone has tried the same password meanwhile. */
  async inTurn<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      const decision = await ask();
      this.#endAttempts();
      const other = this.#other;
      this.#other = undefined;
      if (other === undefined || this.#closed) return decision;
      await other.ended;
    }
  }

  /** Nothing will be answered any more, so others may try it. */
  close(): void {
    this.#closed = true;
    this.#endAttempts();
  }

  #endAttempts(): void {
    for (const [key, { by, end }] of underWay) {
      if (by !== this) continue;
      underWay.delete(key);
      end();
    }
  }

  /**
   * A message goes out.
   *
   * @returns it as it may. Within a call, nobody may pass on what has the password (RFC 3261, 16.3): the other side may
   * have given the address of the PBX for its own, and a PBX that looks up who has a number would find it.
   */
  sent({ status, branch, inDialog }: MessageHead, message: string): string {
    const given = headerOf(message, 'authorization', 'proxy-authorization');
    if (status !== undefined || given === '') return message;
    const [realm = ''] = realmsIn(given);
    const [, uri = ''] = /, uri="([^"]*)"/.exec(given) ?? [];
    this.#sent.set(branch, { realm, uri, removesAll: headerOf(message, 'contact', 'm') === '*' });
    return inDialog ? message.replace(/^Max-Forwards: .*$/im, 'Max-Forwards: 0') : message;
  }

  /** A message has come in. */
  received({ status = 0, branch, method }: MessageHead, message: string): void {
    const sent = this.#sent.get(branch);
    if (sent === undefined) return;
    if (status >= 200) this.#sent.delete(branch);
    const purpose = method === 'REGISTER' ? 'registration' : 'call';
    if ((status >= 200 && status < 300) || (purpose === 'call' && PAST_PASSWORD.includes(status))) {
      for (const place of this.#places(purpose, sent.realm, sent.uri)) failures.delete(place);
      taken.add(this.#key('any', { realm: sent.realm }));
    }
    const failed = this.#weigh(status, purpose, sent, headersOf(message, ...CHALLENGES).join());
    if (failed === 0) return;
    for (const place of this.#places(purpose, sent.realm, sent.uri))
      failures.set(place, (failures.get(place) ?? 0) + failed);
    if (purpose === 'registration' && this.#isRefused(purpose, sent.realm)) this.#isFinal = true;
  }

  /** How many failures an answer counts as. Where the password is right, who is called may ask for one of their own. */
  #weigh(status: number, purpose: Purpose, { realm, removesAll }: Sent, challenges: string): number {
    const isRight = purpose === 'call' && this.#isTaken(realm);
    if (status === 401 || status === 407) {
      if (isRight && !realmsIn(challenges).includes(realm)) return 0;
      return /\bstale\s*=\s*"?true/i.test(challenges) ? 1 : MOST;
    }
    if (status !== 403) return 0;
    if (purpose === 'registration') return removesAll ? 0 : MOST;
    return isRight ? 0 : FORBIDDEN_CALL;
  }

  #isRefused(...what: [purpose: Purpose, realm: string, uri?: string]): boolean {
    return this.#places(...what).some((place) => (failures.get(place) ?? 0) >= MOST);
  }

  /**
   * Where it counts what the PBX says. A realm in which it has taken the password counts alone, and in calls there each
   * number, because who is called may say it in the name of the PBX. All others count together too, because some PBXes name
   * another each time.
   */
  #places(purpose: Purpose, realm: string, uri = ''): readonly string[] {
    if (this.#isTaken(realm)) return [this.#key(purpose, purpose === 'call' ? { realm, uri } : { realm })];
    return [this.#key(purpose, { realm }), this.#key(purpose, { domain: this.#domain })];
  }

  #isTaken(realm: string): boolean {
    return taken.has(this.#key('any', { realm }));
  }

  /** Of a realm, of one number in it, or of all realms in the account's domain. */
  #key(purpose: Purpose | 'any', place: Readonly<Record<string, string>>): string {
    const words = JSON.stringify([...this.#account, purpose, place]);
    return createHash('sha256').update(words).digest('base64');
  }
}

/** The realms that challenges, or credentials, name. */
function realmsIn(text: string): readonly string[] {
  return [...text.matchAll(/\brealm\s*=\s*"((?:[^"\\]|\\.)*)"/gi)].map(([, realm = '']) => realm);
}

function newAttempt(by: Passwords): Attempt {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { by, ended, end };
}
