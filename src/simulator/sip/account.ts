import { quote } from '../../errors/passwords.ts';
import { AtcomError } from '../../errors.ts';
import { accountPort, SIP_PLACE } from '../../protocol/sip-place.ts';
import { unescaped } from '../../protocol/unescaped.ts';
import { type Hop, hopOf, isOdd } from './message.ts';

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type SipTransport = (typeof TRANSPORTS)[number];

/** An account at a PBX, which a virtual phone registers with. */
export interface SipAccount {
  /** `sip:6001@10.0.0.1:5070`: the number, and the domain or the address of the PBX. `sips:` needs the transport `tls`. */
  readonly uri: string;
  readonly password: string;
  /** The name for authentication, the number by default. */
  readonly user?: string | undefined;
  /** The address of the PBX, if the account's address does not contain it: `10.0.0.1:5070`. */
  readonly proxy?: string | undefined;
  /** `udp` by default. */
  readonly transport?: SipTransport | undefined;
  /** The requested duration of a registration in seconds, 60 by default. */
  readonly register?: number | undefined;
  /** How the phone rejects calls when it is busy or a person rejects them: 486 by default. */
  readonly refuse?: number | undefined;
  /** The certificate authority for TLS, as PEM; by default, those that Node trusts. */
  readonly ca?: string | undefined;
  /** The frequency of the tone that the phone sends, in hertz; by default, each phone of a process has its own, which goes by its number. */
  readonly tone?: number | undefined;
  /** How long audio may be missing before the phone hangs up, in milliseconds; 0, the default, is never. */
  readonly silence?: number | undefined;
}

/** A parsed account. */
export interface SipIdentity {
  readonly number: string;
  /** Includes the port, if the address has one. */
  readonly domain: string;
  /** The same in one spelling, with the port that {@link accountPort} makes of it. */
  readonly place: string;
  readonly next: Hop;
}

/** @throws {AtcomError} `usage` */
export function readAccount({ uri, user = '', proxy, transport = 'udp' }: SipAccount): SipIdentity {
  const [, number = '', domain = ''] = /^sips?:([^@:;>\s"<]{1,64})@(.*)$/i.exec(uri) ?? [];
  const port = transport === 'tls' ? 5061 : 5060;
  const next = hopOf(proxy === undefined ? uri : `sip:${proxy}`, port);
  if (!SIP_PLACE.test(domain) || next === undefined)
    throw wrong(
      `${quote(uri)} is not a SIP account`,
      'give one such as sip:6001@127.0.0.1:5060, without a password',
    );
  // No message with them leaves.
  if (isOdd(number + user))
    throw wrong(`the number or user of ${quote(uri)} has control characters`, 'remove them');
  // A part of another form would be taken for a host, and get the login.
  if (proxy !== undefined && !SIP_PLACE.test(proxy))
    throw wrong(
      `the proxy ${quote(proxy)} is no host`,
      'write a host, or host:port, without sip: and parameters',
    );
  if (transport !== 'tls' && /^sips:/i.test(uri))
    throw wrong(
      `${quote(uri)} asks for TLS, and the transport is ${transport}`,
      'set the transport to tls, or write sip:',
    );
  const { host, port: at } = hopOf(uri, port) ?? next;
  return { number: plainNumber(number), domain, place: JSON.stringify([host, accountPort(at)]), next };
}

function wrong(reason: string, hint: string): AtcomError {
  return new AtcomError('usage', { reason, hint });
}

/** A number in one spelling: only letters and signs that need no escape lose theirs (RFC 3261, 19.1.4). */
function plainNumber(number: string): string {
  return number.replace(/%[2-7][\da-f]/gi, (escaped) => {
    const char = unescaped(escaped);
    return /[\w.!~*'()-]/.test(char) ? char : escaped;
  });
}
