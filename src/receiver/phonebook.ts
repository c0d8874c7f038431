import { isIP } from 'node:net';
import { hostText, parseAddress } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';

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
    const address = hostText(endpoint).toLowerCase();
    const name = phone.name ?? address;
    if (phone.mac !== undefined) this.#byMac.set(plainMac(phone.mac), name);
    for (const known of new Set([address, endpoint.host.toLowerCase()])) {
      const shared = this.#byAddress.has(known) && this.#byAddress.get(known) !== name;
      this.#byAddress.set(known, shared ? undefined : name);
    }
  }

  /** The name of the phone behind what a request says and where it came from; an address where no name is known. */
  nameOf({ mac = '', ip = '' }: Readonly<Record<string, string>>, source: string): string {
    const named = this.#byMac.get(plainMac(mac)) ?? this.#byAddress.get(ip.toLowerCase());
    return named ?? (isAddress(ip) ? ip : (this.#byAddress.get(source.toLowerCase()) ?? source));
  }
}

function plainMac(mac: string): string {
  return mac.replace(/[^0-9a-f]/gi, '').toUpperCase();
}

/** An address that a phone claims names it only where it is one: it may hold anything. */
function isAddress(text: string): boolean {
  if (!/^[\d.:[\]a-f]+$/i.test(text)) return false;
  if (isIP(text) !== 0) return true;
  try {
    parseAddress(text);
    return true;
  } catch {
    return false;
  }
}
