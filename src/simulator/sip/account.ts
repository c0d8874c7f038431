import { AtcomError } from '../../errors.ts';
import { type Hop, hopOf } from './message.ts';

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type SipTransport = (typeof TRANSPORTS)[number];

/** An account at a PBX, which a virtual phone registers with. */
export interface SipAccount {
  /** `sip:6001@10.0.0.1:5070`: the number, and the domain or the PBX itself. */
  readonly uri: string;
  readonly password: string;
  /** The name for authentication, the number by default. */
  readonly user?: string | undefined;
  /** Where the PBX is, if the address of the account does not say so: `10.0.0.1:5070`. */
  readonly proxy?: string | undefined;
  /** `udp` by default. */
  readonly transport?: SipTransport | undefined;
  /** Seconds that a registration is asked to last, 60 by default. */
  readonly register?: number | undefined;
  /** How the phone says that it is busy or that somebody rejected: 486 by default. */
  readonly refuse?: number | undefined;
  /** The certificate authority that TLS is checked against, as PEM; else those that Node knows. */
  readonly ca?: string | undefined;
  /** Hertz of the tone that the phone sends; else each phone of a simulator has one of its own. */
  readonly tone?: number | undefined;
  /** Milliseconds without audio after which the phone hangs up; 0, the default, is never. */
  readonly silence?: number | undefined;
}

/** An account that was read. */
export interface SipIdentity {
  readonly number: string;
  /** With the port, if the address has one. */
  readonly domain: string;
  readonly next: Hop;
}

/** @throws {AtcomError} `usage` */
export function readAccount({ uri, proxy, transport = 'udp' }: SipAccount): SipIdentity {
  const match = /^sips?:([^@:;>\s"<]{1,64})@((?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?)$/i.exec(uri);
  const port = transport === 'tls' ? 5061 : 5060;
  const next = hopOf(proxy === undefined ? uri : `sip:${proxy}`, port);
  if (match === null || next === undefined) {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(uri.slice(0, 80))} is no SIP account`,
      hint: 'give one such as sip:6001@127.0.0.1:5060, without a password',
    });
  }
  const [, number = '', domain = ''] = match;
  return { number, domain, next };
}
