import { endpointOf, type PhoneSettings, phoneKey } from '../protocol/settings.ts';

/**
 * What holds however a phone is named: which one it is, so that it is not pressed twice, and its pin. What is sent to a
 * phone with a pin goes to no web server without a certificate.
 */
type KnownSettings = Pick<PhoneSettings, 'mac' | 'tls'>;

/** Known as a list, which does not change: what is computed of it is kept. */
type Phones = readonly PhoneSettings[];

/** Phones as they are written, which say what is at an address. A name can be replaced, but not what is known of a phone. */
export interface WhatIsTold {
  /** The user's, by their names; after them those of the computer. */
  readonly own: Phones;
  /** The user's whose names are those of others, or of none, because an entry or a profile replaces them. */
  readonly replaced: readonly Phones[];
  /** Those of a project file that the user trusts or has named. */
  readonly trusted: Phones;
  /** Those of a project file that was merely found. They may keep something from being sent, but not say whom to believe. */
  readonly found: Phones;
}

type Scheme = PhoneSettings['scheme'];

/** Cached, because phones do not change and are asked thousands of times with thousands of phones. */
const keys = new WeakMap<PhoneSettings, string>();

/** Identifies a phone: two names for one web server are one phone. */
export function keyOf(phone: PhoneSettings): string {
  const key = keys.get(phone) ?? phoneKey(phone);
  keys.set(phone, key);
  return key;
}

/** Phones by their identity. Of two names for one phone, the first is used that has its pin, or else the first. */
const byKey = indexed((phones: Phones) => {
  const found = new Map<string, PhoneSettings>();
  for (const phone of phones) {
    const before = found.get(keyOf(phone));
    const isPin = before?.tls?.fingerprint === undefined && phone.tls?.fingerprint !== undefined;
    if (before === undefined || isPin) found.set(keyOf(phone), phone);
  }
  return found;
});

/** What the names of each phone say together; nothing of most phones. */
const saidByKey = indexed((phones: Phones) => {
  const said = new Map<string, KnownSettings>();
  for (const phone of phones) {
    const known = knownOf(phone);
    if (known.mac === undefined && known.tls === undefined) continue;
    said.set(keyOf(phone), { ...known, ...said.get(keyOf(phone)) });
  }
  return said;
});

/** What is known of whatever is at each host: any pin, because it could be that phone, but no MAC that may be another's. */
const saidByHost = indexed((phones: Phones) => {
  const found = new Map<string, KnownSettings>();
  for (const [key, phone] of byKey(phones)) {
    const { host } = endpointOf(phone);
    const { mac, ...known } = saidByKey(phones).get(key) ?? {};
    const before = found.get(host);
    const isAlone = before === undefined || before.mac === mac;
    found.set(host, { ...known, ...before, mac: isAlone ? mac : undefined });
  }
  return found;
});

/** All phones that the user trusts, as one list, because what one name says of a phone holds for all of them. */
const ownOf = indexed(({ own, replaced, trusted }: WhatIsTold): Phones => [own, ...replaced, trusted].flat());

/**
 * The user's phone at an address, or else that of a project. One that was replaced has no name, which would be that of
 * another phone; whoever presses it listens for its address.
 */
export function phoneAt(key: string, told: WhatIsTold): PhoneSettings | undefined {
  const at = (phones: Phones) => byKey(phones).get(key);
  const named = at(told.own);
  if (named !== undefined) return withSaid(named, told);
  const replaced = firstOf(told.replaced, at);
  const trusted = at(told.trusted);
  const theirs = trusted ?? at(told.found);
  if (replaced === undefined) return theirs && withSaid(theirs, told, trusted === undefined);
  const { name: _, ...settings } = replaced;
  // A dial plan is not for it where its own file gives it none.
  return withSaid({ dialPlan: undefined, ...settings }, told);
}

/** What is known of the web server of a key. */
export function saidAt(key: string, told: WhatIsTold, scheme: Scheme): KnownSettings {
  const own = ownOf(told);
  const said = saidByKey(own).get(key);
  const theirs = saidByKey(told.found).get(key);
  return known(byKey(own).has(key) ? said?.mac : theirs?.mac, pinOf(said, theirs, scheme));
}

/** What is known of whatever is at a host. */
export function saidAtHost(host: string, told: WhatIsTold, scheme: Scheme): KnownSettings {
  const said = saidByHost(ownOf(told)).get(host);
  const theirs = saidByHost(told.found).get(host);
  return known((said ?? theirs)?.mac, pinOf(said, theirs, scheme));
}

/** The user's pin. That of a stranger does not decide whom to believe, but keeps all from being sent without a certificate. */
function pinOf(
  said: KnownSettings | undefined,
  theirs: KnownSettings | undefined,
  scheme: Scheme,
): KnownSettings['tls'] {
  return said?.tls ?? (scheme === 'https' ? undefined : theirs?.tls);
}

/**
 * A phone with what its other names say of it: which phone it is, and that nothing goes to it over http. With https, each
 * name says itself what it trusts, because the pin of a project could be that of a stranger.
 *
 * @param isFound - whether it is of a project file that was merely found, whose word on a phone of the user counts last
 */
export function withSaid(phone: PhoneSettings, told: WhatIsTold, isFound = false): PhoneSettings {
  if ([ownOf(told), told.found].every((phones) => saidByKey(phones).size === 0)) return phone;
  const { scheme } = endpointOf(phone);
  const said = saidAt(keyOf(phone), told, scheme);
  const first = isFound ? saidByKey(ownOf(told)).get(keyOf(phone))?.mac : undefined;
  const mac = first ?? phone.mac ?? said.mac;
  const tls = scheme === 'https' || said.tls === undefined ? phone.tls : { ...said.tls, ...phone.tls };
  return mac === phone.mac && tls === phone.tls ? phone : { ...phone, ...known(mac, tls) };
}

function knownOf({ mac, tls: { fingerprint } = {} }: PhoneSettings): KnownSettings {
  return known(mac, fingerprint === undefined ? undefined : { fingerprint });
}

function known(mac: KnownSettings['mac'], tls: KnownSettings['tls']): KnownSettings {
  return { ...(mac === undefined ? {} : { mac }), ...(tls === undefined ? {} : { tls }) };
}

function firstOf<T, U>(all: readonly T[], what: (one: T) => U | undefined): U | undefined {
  for (const one of all) {
    const found = what(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is made of phones, once. */
function indexed<K extends object, T>(make: (of: K) => T): typeof make {
  const made = new WeakMap<K, T>();
  return (of) => {
    const index = made.get(of) ?? make(of);
    made.set(of, index);
    return index;
  };
}
