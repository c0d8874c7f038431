import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { isMergeKey, mergeSources } from './aliases.ts';

interface Found {
  readonly offset: number;
  readonly node: unknown;
  /** What may go on in its name: in `{ password: a,b: c }`, b is a name, and a part of the password. */
  readonly behind?: Secret | undefined;
}

type Secret = 'password' | 'login';

/** The begin of an address with a login, such as `http://admin:a`: an @, or a colon before anything but a port. */
const LOGIN = /@|:(?!\/\/|\d+(?:[/?#]|$))/;

/** A MAC, or an address of IPv6. */
const COLONS = /^[\da-f:]+$/i;

/** Where the settings of a document are. What a question needs is gathered once: a file may have thousands of mistakes. */
export class Places {
  readonly #document: Document.Parsed;
  #targets: ReadonlyMap<Alias, unknown> | undefined;
  readonly #named = new Map<YAMLMap, ReadonlyMap<string, Found>>();

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  /** The offset of the deepest part of a path that exists: the name of a setting, or an item of a list. */
  offsetOf(path: readonly string[]): number {
    return this.#at(path).offset;
  }

  /**
   * The part of a path before a name that may be a part of a password.
   *
   * @param isUnknown - whether its last name is no setting
   */
  openPart(path: readonly string[], isUnknown: boolean): readonly string[] {
    const end = this.#along(path).findIndex(
      ({ behind }, index) => behind === 'login' || (behind && isUnknown && index === path.length - 1),
    );
    return end < 0 ? path : path.slice(0, end);
  }

  /** The names of the settings at a path in the order of the file; those of `<<` are where that is. */
  namesAt(path: readonly string[]): readonly string[] {
    return [...new Set(this.#namesIn(this.#at(path).node, new Set()))];
  }

  /** The deepest part of a path that exists. */
  #at(path: readonly string[]): Found {
    return this.#along(path).at(-1) ?? { offset: 0, node: this.#document.contents };
  }

  /** The parts of a path that exist. */
  #along(path: readonly string[]): readonly Found[] {
    const along: Found[] = [];
    for (const step of path) {
      const above = along.length === 0 ? this.#document.contents : along.at(-1)?.node;
      const next = this.#find(above, step, new Set());
      if (next === undefined) break;
      along.push(next);
    }
    return along;
  }

  /** @param seen - the settings whose names are known */
  #namesIn(node: unknown, seen: Set<unknown>): readonly string[] {
    const here = isAlias(node) ? this.#targetOf(node) : node;
    if (!isMap(here) || seen.has(here)) return [];
    seen.add(here);
    const own = this.#namesOf(here);
    return here.items.flatMap(({ key, value }) => {
      if (!isMergeKey(key)) return isScalar(key) ? [String(key.value)] : [];
      const sources = mergeSources(value, (alias) => this.#targetOf(alias));
      // What is written here, too, is where it is written.
      return sources.flatMap((source) => this.#namesIn(source, seen)).filter((name) => !own.has(name));
    });
  }

  /** @param seen - the settings that do not have it */
  #find(node: unknown, step: string, seen: Set<unknown>): Found | undefined {
    const here = isAlias(node) ? this.#targetOf(node) : node;
    if (seen.has(here)) return undefined;
    seen.add(here);
    if (isSeq(here)) return itemAt(here.items, step);
    if (!isMap(here)) return undefined;
    const own = this.#namesOf(here).get(step);
    if (own !== undefined) return own;
    for (const { key, value } of here.items) {
      if (!isMergeKey(key)) continue;
      for (const source of mergeSources(value, (alias) => this.#targetOf(alias))) {
        const found = this.#find(source, step, seen);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #namesOf(map: YAMLMap): ReadonlyMap<string, Found> {
    const known = this.#named.get(map);
    if (known !== undefined) return known;
    const names = new Map<string, Found>();
    let behind: Secret | undefined;
    for (const { key, value } of map.items) {
      if (!isScalar(key)) continue;
      names.set(String(key.value), { offset: key.range?.[0] ?? 0, node: value, behind });
      if (map.flow === true) behind = secretIn(String(key.value), value) ?? behind;
    }
    this.#named.set(map, names);
    return names;
  }

  /** What an alias stands for: yaml's own `resolve` searches the whole document each time. */
  #targetOf(alias: Alias): unknown {
    this.#targets ??= targetsIn(this.#document);
    return this.#targets.get(alias);
  }
}

function targetsIn(document: Document.Parsed): ReadonlyMap<Alias, unknown> {
  const marked = new Map<string, unknown>();
  const targets = new Map<Alias, unknown>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) targets.set(node, marked.get(node.source));
      else if ('anchor' in node && typeof node.anchor === 'string') marked.set(node.anchor, node);
    },
  });
  return targets;
}

/** What a text without quotes may be the begin of, which ends at a comma. */
function secretIn(name: string, value: unknown): Secret | undefined {
  if (!isScalar(value) || value.type !== Scalar.PLAIN) return undefined;
  const text = String(value.value);
  if (LOGIN.test(text) && !COLONS.test(text)) return 'login';
  return /pass|token/i.test(name) ? 'password' : undefined;
}

function itemAt(items: readonly unknown[], index: string): Found | undefined {
  const node = items[Number(index)];
  return isNode(node) ? { offset: node.range?.[0] ?? 0, node } : undefined;
}
