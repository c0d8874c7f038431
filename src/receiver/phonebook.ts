import { hostText, webServerOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { claimedAddress } from './claimed-address.ts';
import { sharedName } from './shared.ts';

/** A phone by one of its identifiers. */
interface Entry {
  readonly server: string;
  /** Its name; its host if it has several. */
  readonly name: string;
}

/** Undefined where several phones share an identifier. */
type Entries = Map<string, Entry | undefined>;

/**
 * Names phones by MAC address, then by the address a phone says it has, then by the address the request came from.
 * Two phones at one address are told apart only by what they say; what cannot be told apart gets the name of no phone,
 * and no host either, because it would prove something of the phone there.
 */
export class Phonebook {
  readonly #byMac: Entries = new Map();
  readonly #byAddress: Entries = new Map();

  constructor(phones: Iterable<PhoneSettings> = []) {
    for (const phone of phones) this.add(phone);
  }

  /** Learns the name of a phone. */
  add(phone: PhoneSettings): void {
    const endpoint = endpointOf(phone);
    const server = webServerOf(endpoint);
    const host = hostText(endpoint);
    const name = phone.name ?? host;
    const learn = (entries: Entries, known: string) => {
      const other = entries.get(known);
      if (!entries.has(known)) entries.set(known, { server, name });
      else if (other?.server !== server) entries.set(known, undefined);
      else if (other.name !== name) entries.set(known, { server, name: host });
    };
    if (phone.mac !== undefined) learn(this.#byMac, plainMac(phone.mac));
    for (const known of new Set([server, webServerOf({ scheme: 'http', host: endpoint.host })])) {
      learn(this.#byAddress, known);
    }
  }

  /** The name of the phone behind what a request says and where it came from; an address where no name is known. */
  nameOf({ mac = '', ip = '' }: Readonly<Record<string, string>>, source: string): string {
    const byMac = this.#byMac.get(plainMac(mac));
    if (byMac !== undefined) return byMac.name;
    const claimed = webServerAt(ip);
    const address = claimed ?? webServerAt(source) ?? source;
    if (!this.#byAddress.has(address)) return claimed ?? source;
    return this.#byAddress.get(address)?.name ?? sharedName(address);
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
