import { webServerOf } from '../protocol/command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { claimedAddress } from './claimed-address.ts';

/**
 * Names phones by MAC address, then by the address a phone says it has, then by the address the request came from.
 * Two phones at one address are told apart only by what they say.
 */
export class Phonebook {
  readonly #byMac = new Map<string, string>();
  /** Undefined where several phones share an address. */
  readonly #byAddress = new Map<string, string | undefined>();

  constructor(phones: Iterable<PhoneSettings> = []) {
    for (const phone of phones) this.add(phone);
  }

  /** Learns the name of a phone. */
  add(phone: PhoneSettings): void {
    const endpoint = endpointOf(phone);
    const name = nameOf(phone);
    if (phone.mac !== undefined) this.#byMac.set(plainMac(phone.mac), name);
    for (const known of new Set([
      webServerOf(endpoint),
      webServerOf({ scheme: 'http', host: endpoint.host }),
    ])) {
      const shared = this.#byAddress.has(known) && this.#byAddress.get(known) !== name;
      this.#byAddress.set(known, shared ? undefined : name);
    }
  }

  /** The name of the phone behind what a request says and where it came from; an address where no name is known. */
  nameOf({ mac = '', ip = '' }: Readonly<Record<string, string>>, source: string): string {
    const claimed = webServerAt(ip) ?? '';
    const named = this.#byMac.get(plainMac(mac)) ?? this.#byAddress.get(claimed);
    if (named !== undefined) return named;
    return claimed === '' ? (this.#byAddress.get(webServerAt(source) ?? source) ?? source) : claimed;
  }
}

function plainMac(mac: string): string {
  return mac.replace(/[^0-9a-f]/gi, '').toUpperCase();
}

/** An address in its one spelling; undefined where it is none. */
function webServerAt(text: string): string | undefined {
  const address = claimedAddress(text);
  return address === undefined ? undefined : webServerOf({ ...address, scheme: 'http' });
}
