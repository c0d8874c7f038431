import { AtcomError } from '../errors.ts';
import { withoutSlashes } from './slashes.ts';

/**
 * The URL at which phones reach a receiver, without trailing slashes; `/<event>Url.xml` is appended to it.
 *
 * @throws {AtcomError} `usage`, with the expected form; it does not repeat the text, which may contain a password
 */
export function parseListener(text: string): string {
  const mistake = mistakeOf(text);
  if (mistake === undefined) return withoutSlashes(text);
  const { reason, write = 'http://172.16.0.184:8088' } = mistake;
  throw new AtcomError('usage', {
    reason: `the URL of the listener ${reason}`,
    hint: `write where phones reach the listener: ${write}`,
  });
}

function mistakeOf(text: string): { readonly reason: string; readonly write?: string } | undefined {
  if (/[^!-~]/.test(text))
    return { reason: 'contains a space or another character that a URL cannot contain' };
  if (!/^https?:\/\/[^/]/i.test(text)) {
    const reason = 'does not begin with http:// or https:// and a host';
    const write = `http://${text}`;
    return /^[\w.-]+(?::\d+)?$/.test(text) && URL.canParse(write) ? { reason, write } : { reason };
  }
  if (/[?#$]/.test(text)) return { reason: 'has a query or a fragment; the query is added to it' };
  if (!URL.canParse(text)) return { reason: 'has an invalid host or port' };
  const { username, password } = new URL(text);
  return username + password === '' ? undefined : { reason: 'contains a user name or a password' };
}

/** An address to bind, or its name. A zone (`fe80::7%eth0`) cannot be part of the URL that is told then. */
export const BIND_ADDRESS = /^[\w.:-]+$/;

const OWN =
  /^(?:(?:.+\.)?localhost\.?|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}:[\da-f]{1,4}|0:0)\])$/;

/** Whether a URL points to the computer that resolves it; on a phone, that is the phone itself. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return OWN.test(hostname);
}

/** The warning about a listener for which {@link isLoopback} is true. */
export function loopbackText({ host }: Pick<URL, 'host'>): string {
  return `${host} means this computer only: no phone can reach it; write its address in the phones' network`;
}
