import { AtcomError } from '../errors.ts';
import { isHostName } from './command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from './settings.ts';

/**
 * Why nothing that some of these phones report would be known as theirs; undefined where it would. Names are not looked
 * up: they may move, several phones may be behind one, and a silent name server takes long.
 */
export function whyUnknown(phones: Iterable<PhoneSettings>): AtcomError<'no-reports'> | undefined {
  for (const phone of phones) {
    const { host } = endpointOf(phone);
    if (!isHostName(host) || host === 'localhost' || phone.mac !== undefined) continue;
    return new AtcomError('no-reports', {
      phone: nameOf(phone),
      reason: `they come from addresses, and ${host} is a name`,
      hint: 'give the phone its mac: in the config (its Action URLs need mac=$mac), or an address as its host:',
    });
  }
  return undefined;
}
