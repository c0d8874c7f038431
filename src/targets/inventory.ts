import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import type { VIRTUAL } from './expression.ts';

/** The phones and groups that targets select from, such as a config. */
export interface Inventory {
  /** Phones by name. */
  readonly phones: ReadonlyMap<string, PhoneSettings>;
  /** Targets by the name of their group. */
  readonly groups: ReadonlyMap<string, string>;
  /** The target when none is given. */
  readonly defaultTarget?: string | undefined;
}

/** Selected phones by their identity, in the order of selection, and whether the virtual one is among them. */
export type Selection = ReadonlyMap<string, PhoneSettings | typeof VIRTUAL>;

/** An inventory with what is computed once, when it is needed. */
export interface Universe extends Inventory {
  /** What tells phones apart: two names of one web server are one phone. */
  readonly keyOf: (phone: PhoneSettings) => string;
  /** The phone of the config that has an address. */
  readonly at: (key: string) => PhoneSettings | undefined;
  /** Evaluated groups by name. */
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
    // Of two names for one phone, the first is used.
    for (const phone of phones.values()) if (!found.has(keyOf(phone))) found.set(keyOf(phone), phone);
    return found;
  };
  const at = (key: string) => {
    origins ??= index();
    return origins.get(key);
  };
  return { phones, groups, defaultTarget, keyOf, at, evaluated: new Map() };
}
