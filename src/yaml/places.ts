import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  visit,
  type YAMLMap,
} from 'yaml';
import { isMergeKey, mergeSources } from './aliases.ts';

interface Found {
  readonly offset: number;
  readonly node: unknown;
}

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

  /** The names of the settings at a path in the order of the file; those of `<<` are where that is. */
  namesAt(path: readonly string[]): readonly string[] {
    return [...new Set(this.#namesIn(this.#at(path).node, new Set()))];
  }

  /** The deepest part of a path that exists. */
  #at(path: readonly string[]): Found {
    let found: Found = { offset: 0, node: this.#document.contents };
    for (const step of path) {
      const next = this.#find(found.node, step, new Set());
      if (next === undefined) break;
      found = next;
    }
    return found;
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
    for (const { key, value } of map.items) {
      if (isScalar(key)) names.set(String(key.value), { offset: key.range?.[0] ?? 0, node: value });
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

function itemAt(items: readonly unknown[], index: string): Found | undefined {
  const node = items[Number(index)];
  return isNode(node) ? { offset: node.range?.[0] ?? 0, node } : undefined;
}
