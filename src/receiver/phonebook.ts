import { type Address, hostText, webServerOf } from '../protocol/command-url.ts';
import { addressesOf, endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { sharedBehind, sharedName } from '../protocol/shared-name.ts';
import { claimedAddress } from './claimed-address.ts';

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
  /** The MAC addresses of each web server that the config tells. */
  readonly #macs = new Map<string, Set<string>>();
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
    if (phone.mac !== undefined) {
      learn(this.#byMac, plainMac(phone.mac));
      this.#macs.set(server, (this.#macs.get(server) ?? new Set()).add(plainMac(phone.mac)));
    }
    const places = addressesOf(phone).flatMap((at) => [
      webServerOf({ ...endpoint, host: at }),
      webServerOf({ scheme: 'http', host: at }),
    ]);
    for (const identifier of new Set(places)) learn(this.#byAddress, identifier);
  }

  /** Whether the phone at an address is, by its MAC address, another one than it should be. */
  #hasOtherMac(server: string, mac: string): boolean {
    const known = this.#macs.get(server);
    const told = plainMac(mac);
    return known !== undefined && told.length === 12 && !known.has(told);
  }

  /** The name of the phone behind what a request says and where it came from; an address where no name is known. */
  nameOf({ mac = '', ip = '' }: Readonly<Record<string, string>>, source: string): string {
    const byMac = this.#byMac.get(plainMac(mac));
    if (byMac !== undefined) return this.#names.get(byMac) ?? byMac;
    const [claimed, sender] = [claimedAddress(ip), claimedAddress(source)];
    const address = claimed ?? sender;
    if (address === undefined) return source;
    const place = webServerAt(address);
    if (this.#byAddress.has(place))
      return this.#nameAt(place, mac) ?? sharedName(webServerAt({ host: address.host }));
    if (claimed === undefined) return source;
    if (sender === undefined || claimed.host === sender.host) return place;
    // Of several phones behind one address, each says the one that it has there.
    const between = webServerAt({ host: sender.host });
    return this.#byAddress.has(between) ? sharedBehind(between, place) : place;
  }

  /** The name of the phone at an address; undefined where it may be another one, also by what it says of itself. */
  #nameAt(place: string, mac: string): string | undefined {
    const server = this.#byAddress.get(place);
    if (server === undefined || this.#hasOtherMac(server, mac)) return undefined;
    return this.#names.get(server) ?? server;
  }
}

function plainMac(mac: string): string {
  return mac.replace(/[^0-9a-f]/gi, '').toUpperCase();
}

/** An address in its one spelling. */
function webServerAt(address: Address): string {
  return webServerOf({ ...address, scheme: 'http' });
}
