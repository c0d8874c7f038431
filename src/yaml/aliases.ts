import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';

/**
 * The maximum number of anchors (`&name`) and aliases (`*name`) in one file, far more than people write: the parser
 * searches all of them for each alias.
 */
const MOST_ANCHORS = 1000;
const MOST_ALIASES = 10_000;

/**
 * How many values, and how many characters in them and in their names, the aliases of one file may stand for: a short file
 * can expand without end, and every command reads all of it.
 */
const MOST_VALUES = 1_000_000;
const MOST_CHARACTERS = 8 * 1024 * 1024;

/** How much a node holds, with what its aliases stand for. */
interface Size {
  readonly values: number;
  readonly characters: number;
}

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
  readonly #sizes = new Map<unknown, Size>();
  /** What all aliases stand for. */
  #all: Size = { values: 0, characters: 0 };

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
    const before = this.#all;
    this.#all = sum([before, this.#sizeOf(node)]);
    return !isTooMuch(before) && isTooMuch(this.#all)
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

  #sizeOf(node: unknown): Size {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    const size = this.#measure(node);
    this.#sizes.set(node, size);
    return size;
  }

  #measure(node: unknown): Size {
    // An alias without a target stands for a circle, which is reported.
    if (isAlias(node)) return this.#sizeOf(this.#targets.get(node));
    if (isSeq(node)) return sum([ONE, ...node.items.map((item) => this.#sizeOf(item))]);
    if (isMap(node)) {
      return sum([ONE, ...node.items.flatMap(({ key, value }) => [nameSize(key), this.#sizeOf(value)])]);
    }
    return isScalar(node) ? { values: 1, characters: lengthOf(node) } : ONE;
  }
}

const ONE: Size = { values: 1, characters: 0 };

function nameSize(key: unknown): Size {
  return { values: 0, characters: isScalar(key) ? lengthOf(key) : 0 };
}

function lengthOf({ value }: Scalar): number {
  return String(value).length;
}

function sum(sizes: readonly Size[]): Size {
  let [values, characters] = [0, 0];
  for (const size of sizes) {
    values += size.values;
    characters += size.characters;
  }
  return { values, characters };
}

function isTooMuch({ values, characters }: Size): boolean {
  return values > MOST_VALUES || characters > MOST_CHARACTERS;
}
