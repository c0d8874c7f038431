import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';

/**
 * What holds however a phone is named: which one it is, so that it is not pressed twice, and its pin. What is sent to a
 * phone with a pin goes to no web server without a certificate.
 */
export type KnownSettings = Pick<PhoneSettings, 'mac' | 'tls'>;

export function knownOf({ mac, tls: { fingerprint } = {} }: PhoneSettings): KnownSettings {
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(fingerprint === undefined ? {} : { tls: { fingerprint } }),
  };
}

/** What is known of whatever is at each host: any pin, because it could be that phone, but no MAC that may be another's. */
export function knownByHost(phones: Iterable<PhoneSettings>): ReadonlyMap<string, KnownSettings> {
  const found = new Map<string, KnownSettings>();
  for (const phone of phones) {
    const { host } = endpointOf(phone);
    const { mac, ...known } = knownOf(phone);
    const before = found.get(host);
    const isAlone = before === undefined || before.mac === mac;
    found.set(host, { ...known, ...before, mac: isAlone ? mac : undefined });
  }
  return found;
}
