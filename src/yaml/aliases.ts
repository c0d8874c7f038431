import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/**
 * The maximum number of anchors (`&name`) and aliases (`*name`) in one file, far more than people write: the parser
 * searches all of them for each alias.
 */
const MOST_ANCHORS = 1000;
const MOST_ALIASES = 10_000;

/** The maximum number of settings that `<<` may copy in one file, because a short file can expand without end. */
const MOST_COPIES = 1_000_000;

/** Whether this is `<<`, which merges other settings. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol' && key.value.description === '<<';
}

/** The sources of `<<`, in order of precedence. */
export function mergeSources(value: unknown, resolve: (alias: Alias) => unknown): readonly unknown[] {
  const source = isAlias(value) ? resolve(value) : value;
  const sources = isSeq(source) ? source.items : [source];
  return sources.map((each) => (isAlias(each) ? resolve(each) : each));
}

/** Follows the anchors (`&name`) of a document from top to bottom, and reports wrong references to them. */
export class Aliases {
  readonly #marked = new Map<string, Node>();
  #anchors = 0;
  #aliases = 0;
  readonly #sizes = new Map<unknown, number>();
  #copies = 0;

  /** Records a node before its children are visited; reports an anchor too many. */
  note(node: Node): string | undefined {
    if (!('anchor' in node) || node.anchor === undefined) return undefined;
    this.#marked.set(node.anchor, node);
    this.#anchors += 1;
    return this.#anchors === MOST_ANCHORS + 1
      ? `is the ${MOST_ANCHORS + 1}st &name of this file, which is too many`
      : undefined;
  }

  /** @param above - the ancestors of the alias */
  aliasProblem(alias: Alias, above: readonly unknown[]): string | undefined {
    this.#aliases += 1;
    if (this.#aliases === MOST_ALIASES + 1)
      return `is the ${MOST_ALIASES + 1}st *name of this file, which is too many`;
    const node = this.#marked.get(alias.source);
    if (node === undefined) {
      return 'there is no such &name above; text that begins with * must be quoted';
    }
    return above.includes(node) ? `*${alias.source} is inside the value it refers to` : undefined;
  }

  /** @param above - the ancestors of the pair */
  mergeProblem({ key, value }: Pair, above: readonly unknown[]): string | undefined {
    if (!isMergeKey(key)) return undefined;
    const sources = mergeSources(value, (alias) => this.#marked.get(alias.source));
    // A circle, or an alias without an anchor, is reported at the alias.
    if (sources.some((source) => source === undefined || above.includes(source))) return undefined;
    if (!sources.every(isMap)) {
      return '<< merges settings: write *name of settings marked with &name, or a list of these';
    }
    const size = sources.reduce((sum, source) => sum + this.#sizeOf(source), 0);
    const map = above.at(-1);
    this.#sizes.set(map, (this.#sizes.get(map) ?? (isMap(map) ? map.items.length : 0)) + size);
    this.#copies += size;
    return this.#copies > MOST_COPIES ? 'its << expand to too much data' : undefined;
  }

  /** How many settings a map has after merging. An inline map is counted here, before it is visited itself. */
  #sizeOf(node: unknown): number {
    const known = this.#sizes.get(node);
    if (known !== undefined || !isMap(node)) return known ?? 0;
    return node.items.reduce((sum, pair) => {
      if (!isMergeKey(pair.key)) return sum + 1;
      const sources = mergeSources(pair.value, (alias) => this.#marked.get(alias.source));
      return sources.reduce<number>((all, source) => all + this.#sizeOf(source), sum);
    }, 0);
  }
}
