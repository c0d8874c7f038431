import { isIP } from 'node:net';
import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { type Address, type Endpoint, hostText, webServerOf } from '../protocol/command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { sharedName } from '../protocol/shared-name.ts';
import { claimedAddress } from './claimed-address.ts';
import { sharedBehind } from './shared.ts';
import { unmapped } from './source.ts';

/** Web servers by an identifier; undefined where several phones share it. */
type Entries = Map<string, string | undefined>;

/** Finds the addresses of a name. */
type LookUp = (name: string) => Promise<readonly string[]>;

interface LookUpOptions {
  readonly within?: number | undefined;
  readonly find?: LookUp;
}

/** How long to wait for addresses, in milliseconds. */
const PATIENCE = 2000;

/**
 * Names phones by MAC address, then by the address a phone says it has, then by the address the request came from.
 * Two phones at one address are told apart only by what they say; what cannot be told apart gets the name of no phone,
 * and no host either, because it would prove something of the phone there.
 */
export class Phonebook {
  readonly #phones: PhoneSettings[] = [];
  /** The addresses of hosts that are names. */
  readonly #addresses = new Map<string, readonly string[]>();
  /** The names that were looked up. */
  readonly #asked = new Set<string>();
  readonly #byMac: Entries = new Map();
  readonly #byAddress: Entries = new Map();
  /** The MAC addresses of each web server that the config tells. */
  readonly #macs = new Map<string, Set<string>>();
  /** The name of each web server; its host if it has several. */
  readonly #names = new Map<string, string>();

  constructor(phones: Iterable<PhoneSettings> = []) {
    for (const phone of phones) this.add(phone);
  }

  /** Called when names of phones were looked up: what was heard before may have been theirs. */
  onLookUp: () => void = () => undefined;

  /** Learns the name of a phone. */
  add(phone: PhoneSettings): void {
    this.#phones.push(phone);
    this.#learn(phone);
  }

  /**
   * Learns the addresses of phones whose host is a name: events come from addresses. Whoever is not waited for goes on
   * being looked up.
   *
   * @param phones - those that matter: where a name server is silent, each name takes many seconds
   * @param within - how long to wait, in milliseconds, 2000 at most
   */
  lookUp(
    phones: Iterable<PhoneSettings>,
    { within = PATIENCE, find = inDns }: LookUpOptions = {},
  ): Promise<void> {
    const hosts = Array.from(phones, (phone) => endpointOf(phone).host);
    const names = hosts.filter((host) => isIP(host) === 0 && !this.#asked.has(host));
    return this.#find([...new Set(names)], within, find);
  }

  /** Learns where those are that were looked up before: they may have moved. */
  lookUpAgain({ within = PATIENCE, find = inDns }: LookUpOptions = {}): Promise<void> {
    return this.#find([...this.#asked], within, find);
  }

  async #find(names: readonly string[], within: number, find: LookUp): Promise<void> {
    if (names.length === 0) return;
    for (const name of names) this.#asked.add(name);
    const all = async () => {
      // Nobody can cancel a lookup, and Node does two at a time: one is left for who presses keys.
      for (const name of names) {
        const addresses = await find(name).catch(goneIfKnown);
        if (addresses !== undefined) this.#addresses.set(name, addresses.map(unmapped));
      }
      this.#learnAgain();
    };
    const over = new AbortController();
    await Promise.race([all(), pause(Math.min(within, PATIENCE), over.signal)]);
    over.abort();
    this.#learnAgain();
  }

  /** Why nothing that some of these phones report would be known as theirs; undefined where it would. */
  whyUnknown(phones: Iterable<PhoneSettings>): AtcomError<'no-reports'> | undefined {
    for (const phone of phones) {
      const { host } = endpointOf(phone);
      if (isIP(host) !== 0 || phone.mac !== undefined || (this.#addresses.get(host) ?? []).length > 0)
        continue;
      return new AtcomError('no-reports', {
        phone: nameOf(phone),
        reason: `nobody knows the address of ${host}, from which they would come`,
        hint: 'write its address or its mac: into the config, or repair the name server',
      });
    }
    return undefined;
  }

  #learnAgain(): void {
    for (const entries of [this.#byMac, this.#byAddress, this.#macs, this.#names]) entries.clear();
    for (const phone of this.#phones) this.#learn(phone);
    this.onLookUp();
  }

  #learn(phone: PhoneSettings): void {
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
    const places = this.#hostsOf(endpoint).flatMap((at) => [
      webServerOf({ ...endpoint, host: at }),
      webServerOf({ scheme: 'http', host: at }),
    ]);
    for (const identifier of new Set(places)) learn(this.#byAddress, identifier);
  }

  #hostsOf({ host }: Pick<Endpoint, 'host'>): readonly string[] {
    return [host, ...(this.#addresses.get(host) ?? [])];
  }

  /** Whether a name in events may mean this phone, or another one at its address. */
  isShared(name: string, phone: PhoneSettings): boolean {
    const hosts = this.#hostsOf(endpointOf(phone));
    return hosts
      .map((host) => sharedName(webServerAt({ host })))
      .some((shared) => name === shared || name.endsWith(` behind ${shared}`));
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

/** Where there is no such name, it has no address any more. Where nobody answers, it keeps those that it had. */
function goneIfKnown({ code }: NodeJS.ErrnoException): readonly string[] | undefined {
  return code === 'ENOTFOUND' ? [] : undefined;
}

async function inDns(name: string): Promise<readonly string[]> {
  const { lookup } = await import('node:dns/promises');
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

function plainMac(mac: string): string {
  return mac.replace(/[^0-9a-f]/gi, '').toUpperCase();
}

/** An address in its one spelling. */
function webServerAt(address: Address): string {
  return webServerOf({ ...address, scheme: 'http' });
}
