import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';

/** What one name of a phone says of it, and is so under its other names: which phone it is. */
export function saidByNames(
  phones: readonly PhoneSettings[],
): (phone: PhoneSettings) => Pick<PhoneSettings, 'mac'> {
  const macs = new Map<string, string>();
  for (const phone of phones) {
    if (phone.mac === undefined) continue;
    const key = phoneKey(phone);
    macs.set(key, macs.get(key) ?? phone.mac);
  }
  return (phone) => {
    const mac = phone.mac === undefined && macs.size > 0 ? macs.get(phoneKey(phone)) : undefined;
    return mac === undefined ? {} : { mac };
  };
}
