import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOfForeignPage } from './foreign-page.ts';

/** Who may open a page. */
export interface Access {
  /**
   * The names and addresses by which browsers on other computers reach this server; `0.0.0.0` allows any address.
   * Without them and a token, only this computer can open the page.
   */
  readonly hosts?: readonly string[] | undefined;
  /** The password; any user name is accepted. From this computer, too: a forwarder on it may bring anybody. */
  readonly token?: string | undefined;
  /** Whether an address belongs to a proxy: who comes from there is never this computer. */
  readonly isProxy?: ((address: string) => boolean) | undefined;
}

/** Why a request is refused, and the response to it. */
export interface Refusal {
  readonly status: 401 | 403 | 429 | 500;
  readonly reason: string;
}

/**
 * Why a request for a page is refused; undefined if it may be served. A page of another site can do nothing: its
 * requests name that site as their origin or, if its name was made to resolve here (DNS rebinding), as their host.
 */
export function refusalOf(request: IncomingMessage, access: Access = {}): Refusal | undefined {
  const { headers, socket } = request;
  const host = hostOf(headers.host);
  if (isOfForeignPage(headers)) return { status: 403, reason: 'it comes from a page of another site' };
  const { hosts = [], token, isProxy } = access;
  const source = socket.remoteAddress ?? '';
  const local = isLoopback(source) && isLoopback(host);
  if (token === undefined) {
    if (!local) return { status: 403, reason: 'it is served to this computer only, at a loopback address' };
    const forwarded = isForwarded(headers) || isProxy?.(source) === true;
    return forwarded
      ? { status: 403, reason: 'it came through a proxy, for which it needs a token' }
      : undefined;
  }
  const any = hosts.includes('0.0.0.0') || hosts.includes('::');
  const named = local || hosts.some((name) => name.toLowerCase() === host) || (any && isAddress(host));
  if (!named) return { status: 403, reason: 'it is not served under this name' };
  return isPassword(headers.authorization, token)
    ? undefined
    : { status: 401, reason: 'its password is missing or wrong' };
}

/** Whether a proxy says that it sent a request on for somebody. */
function isForwarded(headers: IncomingMessage['headers']): boolean {
  return Object.keys(headers).some((name) => /^(?:forwarded|via|x-real-ip)$|^x-forwarded-/.test(name));
}

/** The host of a request, without the port. */
function hostOf(header = ''): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}

function isLoopback(host: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$|^localhost$/.test(host);
}

/** An address cannot be rebound, as a name can. */
function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$|^[\da-f]*:[\da-f:.]+$/.test(host);
}

/** Compares in constant time. */
function isPassword(authorization = '', token: string): boolean {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  const given = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token)) && given !== '';
}
