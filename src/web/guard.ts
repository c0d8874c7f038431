import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOfForeignPage } from './foreign-page.ts';

/** Who may open a page. */
export interface Access {
  /**
   * The names and addresses under which browsers of other computers reach it; `0.0.0.0` for any address. Without them,
   * only this computer does.
   */
  readonly hosts?: readonly string[] | undefined;
  /** The password that other computers give; any user name does. */
  readonly token?: string | undefined;
}

/** Why a request is not served, and what its answer is. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

/**
 * Why a request for a page is refused; undefined for one that may be served. A page of another site can do nothing: its
 * requests name that site as where they come from, or, where its name was made to lead here (DNS rebinding), as the host
 * that they are for.
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

/** The host that a request is for, without its port. */
function hostOf(header = ''): string {
  return header
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}

function isLoopback(host: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$|^localhost$/.test(host);
}

/** An address cannot be made to lead elsewhere, as a name can. */
function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$|^[\da-f]*:[\da-f:.]+$/.test(host);
}

/** Compares in the same time whatever is wrong. */
function isPassword(authorization = '', token: string): boolean {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  const given = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token)) && given !== '';
}
