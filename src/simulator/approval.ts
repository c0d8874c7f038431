/** The allow list of a phone's page: `any`, or addresses. */
export type AllowList = 'any' | readonly string[];

/** How a phone takes a request from an address. */
export type Admission = 'admitted' | 'asking' | 'not-listed';

/** A phone's "Action URI allow IP list" and its prompt "Allow Remote Control?". */
export interface Gate {
  /** The address that the prompt is about, while it shows. */
  readonly asking: string | undefined;
  /** What stands on the page. */
  readonly list: AllowList;
  /**
   * Somebody changes the page, which counts at once. An address that is taken off has to be saved again when it comes
   * back; not documented, our choice.
   */
  change(list: AllowList): void;
  admit(address: string): Admission;
  /** The person at the phone; the address they answered about, undefined when no prompt shows. */
  answer(press: 'save' | 'cancel'): string | undefined;
}

/**
 * The first request of a listed address shows the prompt and is lost; after Save the address may control the phone.
 * A second address that asks meanwhile does not replace the first, so that nobody saves an address they did not
 * read; not documented, our choice.
 *
 * @param approved - listed addresses need no prompt
 */
export function newGate(allow: AllowList, approved: boolean): Gate {
  let list = allow;
  let listed = addressesOf(allow);
  const isListed = (address: string) => listed.has('any') || listed.has(address);
  const saved = new Set<string>();
  let asking: string | undefined;
  return {
    get asking() {
      return asking;
    },
    get list() {
      return list;
    },
    change(next) {
      list = next;
      listed = addressesOf(next);
      for (const address of saved) if (!isListed(address)) saved.delete(address);
      if (asking !== undefined && !isListed(asking)) asking = undefined;
    },
    admit(address) {
      const source = normalAddress(address);
      if (!isListed(source)) return 'not-listed';
      if (approved || saved.has(source)) return 'admitted';
      asking ??= source;
      return 'asking';
    },
    answer(press) {
      const address = asking;
      asking = undefined;
      if (press === 'save' && address !== undefined) saved.add(address);
      return address;
    },
  };
}

function addressesOf(list: AllowList): ReadonlySet<string> {
  return new Set(list === 'any' ? ['any'] : list.map((entry) => normalAddress(entry.trim())));
}

/** An IPv4 address that arrives as IPv6 (`::ffff:127.0.0.1`) is the IPv4 address that the list holds. */
export function normalAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
