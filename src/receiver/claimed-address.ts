import { isIP } from 'node:net';
import { type Address, parseAddress } from '../protocol/command-url.ts';

/** The address that a phone says it has, `10.0.0.5` or `10.0.0.5:7001`; undefined for anything else, because a phone may say anything. */
export function claimedAddress(text: string): Address | undefined {
  if (!/^[\d.:[\]a-f]+$/i.test(text)) return undefined;
  try {
    const address = parseAddress(isIP(text) === 6 ? `[${text}]` : text);
    return isIP(address.host) === 0 ? undefined : address;
  } catch {
    return undefined;
  }
}
