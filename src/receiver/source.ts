import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { AtcomError } from '../errors.ts';
import { hasTooManyFields } from '../web/fields.ts';

/** Finds the sender of a request. */
export interface Sources {
  /** The address of the sender; empty where it is not known. */
  of(request: IncomingMessage): string;
  /** The address of the sender of what was not read to the end of its head: a proxy may not have told yet. */
  ofUnread(address: string): string;
  /** Whether an address belongs to a trusted proxy. */
  isProxy(address: string): boolean;
}

/**
 * Finds the sender of a request: the peer of its connection. Behind a trusted proxy it is
 * the last address in `X-Forwarded-For` that is not of another such proxy; what stands before it anybody can write.
 *
 * @param trustedProxies - addresses, or networks such as `10.0.0.0/24`
 * @throws {AtcomError} `usage`
 */
export function newSources(trustedProxies: readonly string[] = []): Sources {
  const proxies = listOf(trustedProxies);
  const isProxy = (address: string) => {
    if (trustedProxies.length === 0) return false;
    const bare = withoutZone(address);
    return isIP(bare) !== 0 && proxies.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    isProxy,
    ofUnread: (address) => (isProxy(address) ? '' : address),
    of(request) {
      const { socket, headers } = request;
      let source = addressOf(socket);
      if (!isProxy(source)) return source;
      // What the proxy wrote may have been dropped, and what anybody can write is left.
      if (hasTooManyFields(request)) return '';
      const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
      while (isProxy(source)) {
        const before = withoutPort(forwarded.pop()?.trim());
        if (isIP(before) === 0) break;
        source = unmapped(withoutZone(before));
      }
      return source;
    },
  };
}

/** The peer of a connection. */
export function addressOf({ remoteAddress = '' }: Pick<Socket, 'remoteAddress'>): string {
  return unmapped(remoteAddress);
}

/** Whether an address is a loopback address. */
export function isLoopbackAddress(address = ''): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** Unwraps an IPv4 address that a dual-stack socket reports as `::ffff:10.0.0.7`. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** A zone, as in `fe80::7%eth0`, means something on one computer alone, and in a header it may be any text. */
function withoutZone(address: string): string {
  return address.replace(/%.*$/s, '');
}

/** Some proxies write `10.0.0.7:4711` and `[2001:db8::7]:4711`. */
function withoutPort(text = ''): string {
  return text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

function listOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', prefix] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const longest = family === 'ipv6' ? 128 : 32;
    if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix ?? '0') || Number(prefix) > longest) {
      throw new AtcomError('usage', {
        reason: `trustedProxies: ${JSON.stringify(text)} is not an address`,
        hint: 'write addresses or networks, such as 10.0.0.5 or 10.0.0.0/24',
      });
    }
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
