import type { PhoneSettings } from '../protocol/settings.ts';
import { Effort, type Looks } from './effort.ts';
import type { VIRTUAL } from './expression.ts';
import { keyOf, type WhatIsTold } from './known.ts';

/** The phones and groups that targets select from, such as a config. */
export interface Inventory {
  /** Phones by name. */
  readonly phones: ReadonlyMap<string, PhoneSettings>;
  /** What is known of an address; what these phones say by default. */
  readonly told?: WhatIsTold | undefined;
  /** Targets by the name of their group. */
  readonly groups: ReadonlyMap<string, string>;
  /** The target when none is given. */
  readonly defaultTarget?: string | undefined;
  /** Why there is no config, for errors about what should be in it. */
  readonly absence?: string | undefined;
  /** Counts what the targets of several runs examine. */
  readonly looks?: Looks | undefined;
  /** Groups that were evaluated for other targets, by name. */
  readonly evaluated?: Map<string, Selection> | undefined;
}

/** Selected phones by their identity, in the order of selection, and whether the virtual one is among them. */
export type Selection = ReadonlyMap<string, PhoneSettings | typeof VIRTUAL>;

/** An inventory with what is computed once, when it is needed. */
export interface Universe extends Inventory {
  /** Identifies a phone: two names for one web server are one phone. */
  readonly keyOf: (phone: PhoneSettings) => string;
  readonly told: WhatIsTold;
  /** Whether phones are to be spared: an address without a port means all phones at its host, then. */
  readonly spares: boolean;
  /** Whether errors say what a misspelt name may mean. */
  readonly suggests: boolean;
  /** The work that all targets of the run have caused. */
  readonly effort: Effort;
  /** Evaluated groups by name. */
  readonly evaluated: Map<string, Selection>;
  /** The same for the other kind of {@link Universe.spares}. */
  readonly reversed: Map<string, Selection>;
  /** What words mean that were looked up: a short text can repeat an address thousands of times. */
  readonly found: Map<string, PhoneSettings | undefined>;
  /** The hosts of phones that were selected, and then excluded. */
  readonly excluded: Set<string>;
}

/** Cached, because inventories do not change and are asked thousands of times with thousands of phones. */
const tales = new WeakMap<Inventory['phones'], WhatIsTold>();

/** Prepares an inventory for {@link evaluateTarget}. */
export function createUniverse(inventory: Inventory): Universe {
  const { phones, told = toldBy(phones), looks, evaluated = new Map() } = inventory;
  const effort = new Effort(looks);
  return {
    ...inventory,
    keyOf,
    told,
    spares: false,
    suggests: true,
    effort,
    evaluated,
    reversed: new Map(),
    found: new Map(),
    excluded: new Set(),
  };
}

/** The same for what is taken away: phones are to be spared, or those that are to be spared are not. */
export function reverse(universe: Universe): Universe {
  const { spares, evaluated, reversed } = universe;
  return { ...universe, spares: !spares, evaluated: reversed, reversed: evaluated };
}

function toldBy(phones: Inventory['phones']): WhatIsTold {
  const told = tales.get(phones) ?? { own: [...phones.values()], replaced: [], trusted: [], found: [] };
  tales.set(phones, told);
  return told;
}
