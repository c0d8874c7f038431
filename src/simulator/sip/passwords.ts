import { createHash } from 'node:crypto';
import { perProcess } from '../../per-process.ts';
import { type Hop, headerOf, type MessageHead } from './message.ts';

/** The passwords that PBXes have refused during this process. */
const refused = perProcess('sip-passwords', () => new Set<string>());

/** A registrar may take a password that the proxy for calls does not. */
type Purpose = 'registration' | 'call';

/** A request with the password that has no final answer yet. */
interface Sent {
  readonly realm: string;
  /** It removes all registrations, which not every registrar allows. */
  readonly removesAll: boolean;
}

/**
 * The password of an account, on the wire. Once the PBX has refused it, this process does not send it there again: PBXes
 * lock out who tries several times. A stale nonce is no refusal.
 */
export class Passwords {
  readonly #account: readonly unknown[];
  /** By the branch of the request. */
  readonly #sent = new Map<string, Sent>();
  #isFinal = false;

  constructor({ host, port }: Hop, user: string, password: string) {
    this.#account = [host, port, user, password];
  }

  /** The registrar has refused the password, now or before. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** Whether it may be sent; what the registrar has refused, is for no calls either. */
  maySend(method: string, realm: string): boolean {
    if (this.#isRefused('registration', realm)) {
      if (method === 'REGISTER') this.#isFinal = true;
      return false;
    }
    return method === 'REGISTER' || !this.#isRefused('call', realm);
  }

  /** A message goes out. */
  sent({ status, branch }: MessageHead, message: string): void {
    const given = headerOf(message, 'authorization', 'proxy-authorization');
    if (status !== undefined || given === '') return;
    const [, realm = ''] = /\brealm="((?:[^"\\]|\\.)*)"/.exec(given) ?? [];
    this.#sent.set(branch, { realm, removesAll: headerOf(message, 'contact', 'm') === '*' });
  }

  /** A message has come in. */
  received({ status = 0, branch, method }: MessageHead, message: string): void {
    const sent = this.#sent.get(branch);
    if (sent === undefined || status < 200) return;
    this.#sent.delete(branch);
    const isRegistration = method === 'REGISTER';
    const isForbidden = status === 403 && isRegistration && !sent.removesAll;
    if (!isForbidden && !(status === 401 || status === 407)) return;
    const challenge = headerOf(message, 'www-authenticate', 'proxy-authenticate');
    if (!isForbidden && /\bstale\s*=\s*"?true/i.test(challenge)) return;
    refused.add(this.#key(isRegistration ? 'registration' : 'call', sent.realm));
    if (isRegistration) this.#isFinal = true;
  }

  #isRefused(purpose: Purpose, realm: string): boolean {
    return refused.has(this.#key(purpose, realm));
  }

  #key(purpose: Purpose, realm: string): string {
    const words = JSON.stringify([...this.#account, purpose, realm]);
    return createHash('sha256').update(words).digest('base64');
  }
}
