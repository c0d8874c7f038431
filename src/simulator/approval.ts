/** The allow list of a phone's page: `any`, or addresses. */
export type AllowList = 'any' | readonly string[];

/** How a phone treats a request from an address. */
export type Admission = 'admitted' | 'asking' | 'not-listed';

/** A phone's "Action URI allow IP list" and its prompt "Allow Remote Control?". */
export interface Gate {
  /** The address in the prompt, while it is shown. */
  readonly asking: string | undefined;
  /** The allow list on the page. */
  readonly list: AllowList;
  /**
   * Changes the page, which takes effect at once. An address that was removed has to be saved again when it comes back;
   * not documented, our choice.
   */
  change(list: AllowList): void;
  admit(address: string): Admission;
  /** Answers the prompt. Returns its address; undefined if no prompt is shown. */
  answer(press: 'save' | 'cancel'): string | undefined;
}

/**
 * The first request of a listed address shows the prompt and is lost. After Save, the address may control the phone.
 * A second address that asks in the meantime does not replace the first, so that nobody approves an address they did
 * not read; not documented, our choice.
 *
 * @param approved - whether listed addresses need no prompt
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

/** Converts an IPv4-mapped IPv6 address (`::ffff:127.0.0.1`) to the IPv4 address on the list. */
export function normalAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
