import { endpointOf, type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import { type KnownSettings, knownOf } from '../targets/known.ts';

/**
 * What one name of a phone says of it, and is so under its other names: which phone it is, and that nothing goes to it over
 * http. With https, each name says itself what it trusts, because the pin of a project could be that of a stranger.
 */
export function saidByNames(phones: readonly PhoneSettings[]): (phone: PhoneSettings) => KnownSettings {
  const said = new Map<string, KnownSettings>();
  for (const phone of phones) {
    const known = knownOf(phone);
    if (known.mac === undefined && known.tls === undefined) continue;
    const key = phoneKey(phone);
    said.set(key, { ...known, ...said.get(key) });
  }
  return (phone) => {
    const { mac, tls } = (said.size > 0 && said.get(phoneKey(phone))) || {};
    return {
      ...(mac === undefined ? {} : { mac: phone.mac ?? mac }),
      ...(tls === undefined || endpointOf(phone).scheme === 'https' ? {} : { tls: { ...tls, ...phone.tls } }),
    };
  };
}
