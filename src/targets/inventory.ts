import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import type { VIRTUAL } from './expression.ts';

/** What targets select from; a config is one. */
export interface Inventory {
  /** Phones by name. */
  readonly phones: ReadonlyMap<string, PhoneSettings>;
  /** Targets by the name of their group. */
  readonly groups: ReadonlyMap<string, string>;
  /** The target when none is given. */
  readonly defaultTarget?: string | undefined;
}

/** Phones by what tells them apart, and whether the virtual one is among them; in the order of selection. */
export type Selection = ReadonlyMap<string, PhoneSettings | typeof VIRTUAL>;

/** An inventory, with what is worked out once and only when asked for. */
export interface Universe extends Inventory {
  /** What tells phones apart: two names of one web server are one phone. */
  readonly keyOf: (phone: PhoneSettings) => string;
  /** The phone of the config that has an address. */
  readonly at: (key: string) => PhoneSettings | undefined;
  /** Groups by name, once they are evaluated. */
  readonly evaluated: Map<string, Selection>;
}

/** Prepares an inventory for {@link evaluateTarget}. */
export function createUniverse({ phones, groups, defaultTarget }: Inventory): Universe {
  const keys = new Map<PhoneSettings, string>();
  let origins: Map<string, PhoneSettings> | undefined;
  const keyOf = (phone: PhoneSettings) => {
    const key = keys.get(phone) ?? phoneKey(phone);
    keys.set(phone, key);
    return key;
  };
  const index = () => {
    const found = new Map<string, PhoneSettings>();
    // The first of two names for one phone is the one it is called by.
    for (const phone of phones.values()) if (!found.has(keyOf(phone))) found.set(keyOf(phone), phone);
    return found;
  };
  const at = (key: string) => {
    origins ??= index();
    return origins.get(key);
  };
  return { phones, groups, defaultTarget, keyOf, at, evaluated: new Map() };
}
