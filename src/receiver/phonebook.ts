import { hostText, webServerOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { claimedAddress } from './claimed-address.ts';
import { sharedName } from './shared.ts';

/** Web servers by an identifier; undefined where several phones share it. */
type Entries = Map<string, string | undefined>;

/**
 * Names phones by MAC address, then by the address a phone says it has, then by the address the request came from.
 * Two phones at one address are told apart only by what they say; what cannot be told apart gets the name of no phone,
 * and no host either, because it would prove something of the phone there.
 */
export class Phonebook {
  readonly #byMac: Entries = new Map();
  readonly #byAddress: Entries = new Map();
  /** The name of each web server; its host if it has several. */
  readonly #names = new Map<string, string>();

  constructor(phones: Iterable<PhoneSettings> = []) {
    for (const phone of phones) this.add(phone);
  }

  /** Learns the name of a phone. */
  add(phone: PhoneSettings): void {
    const endpoint = endpointOf(phone);
    const server = webServerOf(endpoint);
    const host = hostText(endpoint);
    const name = phone.name ?? host;
    const known = this.#names.get(server) ?? name;
    this.#names.set(server, known === name ? name : host);
    const learn = (entries: Entries, identifier: string) => {
      const isShared = entries.has(identifier) && entries.get(identifier) !== server;
      entries.set(identifier, isShared ? undefined : server);
    };
    if (phone.mac !== undefined) learn(this.#byMac, plainMac(phone.mac));
    for (const identifier of new Set([server, webServerOf({ scheme: 'http', host: endpoint.host })])) {
      learn(this.#byAddress, identifier);
    }
  }

  /** The name of the phone behind what a request says and where it came from; an address where no name is known. */
  nameOf({ mac = '', ip = '' }: Readonly<Record<string, string>>, source: string): string {
    const byMac = this.#byMac.get(plainMac(mac));
    if (byMac !== undefined) return this.#names.get(byMac) ?? byMac;
    const claimed = webServerAt(ip);
    const address = claimed ?? webServerAt(source) ?? source;
    if (!this.#byAddress.has(address)) return claimed ?? source;
    const server = this.#byAddress.get(address);
    return server === undefined ? sharedName(address) : (this.#names.get(server) ?? server);
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
