import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/**
 * The maximum number of anchors (`&name`) and aliases (`*name`) in one file, far more than people write: the parser
 * searches all of them for each alias.
 */
const MOST_ANCHORS = 1000;
const MOST_ALIASES = 10_000;

/** How many values the aliases of one file may stand for, because a short file can expand without end. */
const MOST_VALUES = 1_000_000;

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
  readonly #targets = new Map<Alias, Node>();
  #anchors = 0;
  #aliases = 0;
  /** How many values a node has, with those that its aliases stand for. */
  readonly #sizes = new Map<unknown, number>();
  #values = 0;

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
    if (above.includes(node)) return `*${alias.source} is inside the value it refers to`;
    this.#targets.set(alias, node);
    const before = this.#values;
    this.#values += this.#sizeOf(node);
    return before <= MOST_VALUES && this.#values > MOST_VALUES
      ? 'is one *name too many: together they expand to too much data'
      : undefined;
  }

  /** @param above - the ancestors of the pair */
  mergeProblem({ key, value }: Pair, above: readonly unknown[]): string | undefined {
    if (!isMergeKey(key)) return undefined;
    const sources = mergeSources(value, (alias) => this.#marked.get(alias.source));
    // A circle, or an alias without an anchor, is reported at the alias.
    if (sources.some((source) => source === undefined || above.includes(source))) return undefined;
    return sources.every(isMap)
      ? undefined
      : '<< merges settings: write *name of settings marked with &name, or a list of these';
  }

  #sizeOf(node: unknown): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    const size = this.#measure(node);
    this.#sizes.set(node, size);
    return size;
  }

  #measure(node: unknown): number {
    // An alias without a target stands for a circle, which is reported.
    if (isAlias(node)) return this.#sizeOf(this.#targets.get(node));
    if (isSeq(node)) return node.items.reduce<number>((sum, item) => sum + this.#sizeOf(item), 1);
    if (isMap(node)) return node.items.reduce<number>((sum, pair) => sum + this.#sizeOf(pair.value), 1);
    return 1;
  }
}
