import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOfForeignPage } from './foreign-page.ts';

/** Who may open a page. */
export interface Access {
  /**
   * The names and addresses by which browsers on other computers reach this server; `0.0.0.0` allows any address.
   * Without them, only this computer can open the page.
   */
  readonly hosts?: readonly string[] | undefined;
  /** The password for other computers; any user name is accepted. */
  readonly token?: string | undefined;
}

/** Why a request is refused, and the response to it. */
export interface Refusal {
  readonly status: 401 | 403 | 429;
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
  const local = isLoopback(socket.remoteAddress ?? '') && isLoopback(host);
  if (local) return undefined;
  const { hosts = [], token } = access;
  if (hosts.length === 0 || token === undefined) {
    return { status: 403, reason: 'it is served to this computer only, at a loopback address' };
  }
  const any = hosts.includes('0.0.0.0') || hosts.includes('::');
  const named = hosts.some((name) => name.toLowerCase() === host) || (any && isAddress(host));
  if (!named) return { status: 403, reason: 'it is not served under this name' };
  return isPassword(headers.authorization, token)
    ? undefined
    : { status: 401, reason: 'its password is missing or wrong' };
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
