import { isNode, isScalar, type Node, type Pair, Scalar, visit, type YAMLMap } from 'yaml';
import { Aliases, isMergeKey } from './aliases.ts';
import { type Problem, TAGS } from './problem.ts';

/** Names with a special meaning for JavaScript objects: a phone with such a name would be lost silently. */
const TAKEN = new Set(['__proto__', 'constructor', 'prototype']);

/** What else is rejected, depending on the kind of file. */
export interface Strictness {
  /** Rejects numbers that would lose what was written: `0030`, `+49`, more digits than a number can hold. */
  readonly plainNumbers?: boolean;
  /**
   * Rejects what a copied text brings along outside of quotes: a typographic quote, which does not quote in YAML, or an
   * invisible character.
   */
  readonly plainQuotes?: boolean;
}

/**
 * The problems of a document that do not depend on its schema: names that are not text or appear twice, `$import`,
 * aliases without an anchor or inside their own anchor, characters that would be lost.
 */
export function structuralProblems(root: Node | null, strictness: Strictness = {}): readonly Problem[] {
  const problems: Problem[] = [];
  const aliases = new Aliases();
  const add = (node: { readonly range?: Scalar['range'] }, message: string | undefined) => {
    if (message !== undefined) problems.push({ path: [], offset: node.range?.[0] ?? 0, message });
  };
  visit(root, {
    Pair: (_, pair: Pair, path) => {
      const { key, value } = pair;
      // In `{ password: a,b }`, the b is a name, and a part of the password, which no problem may repeat.
      if (value === null) add(isNode(key) ? key : {}, NO_VALUE);
      else if (isScalar(key)) add(key, nameProblem(key, strictness) ?? aliases.mergeProblem(pair, path));
      else add(isNode(key) ? key : {}, 'a name must be plain text');
    },
    Map: (_, map) => {
      add(map, aliases.note(map) ?? tagProblem(map));
      for (const key of repeatedKeys(map)) add(key, 'this name occurs twice');
    },
    Value: (key, node) => {
      add(node, aliases.note(node) ?? tagProblem(node));
      if (isScalar(node)) add(node, valueProblem(node, key === 'key' ? {} : strictness));
    },
    Alias: (_, alias, path) => add(alias, aliases.aliasProblem(alias, path)),
  });
  return problems;
}

const NO_VALUE =
  'here is no value: write name: value, with a blank after the colon, and text that has a comma in quotes';

/** Finds duplicate names. The parser would compare every pair, which takes minutes with tens of thousands of phones. */
function repeatedKeys({ items }: YAMLMap): readonly Scalar[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    // Quoted or not, 6001 is one name.
    const name = String(key.value);
    const repeated = seen.has(name);
    seen.add(name);
    return repeated ? [key] : [];
  });
}

/** The types that JSON has. Others, such as `!!set` or `!!binary`, become objects that look like empty settings. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(map|seq|str|int|float|bool|null)$/;

function tagProblem({ tag }: { readonly tag?: string | undefined }): string | undefined {
  return tag === undefined || PLAIN_TAG.test(tag) ? undefined : TAGS;
}

function nameProblem(key: Scalar, { plainQuotes = false }: Strictness): string | undefined {
  const { value, source } = key;
  if (isMergeKey(key)) return undefined;
  if (value === '$import') return '$import is not supported: put everything in one file';
  if (typeof value === 'string') {
    if (TAKEN.has(value)) return `${value} cannot be used as a name`;
    return plainQuotes ? invisibleProblem(key) : undefined;
  }
  // `007` would become the number 7.
  return value !== null && String(value) === source ? undefined : 'this name must be quoted';
}

function valueProblem(
  { value, source, type }: Scalar,
  { plainNumbers = false, plainQuotes = false }: Strictness,
): string | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      return 'is not a usable number (in YAML, .inf is infinite and .nan is not a number); put text in quotes';
    }
    return plainNumbers && String(value) !== source
      ? 'is read as a different number than the one written; put it in quotes to keep it as text'
      : undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (value.includes('\uFFFD')) return 'contains a character that is not UTF-8; save the file as UTF-8';
  if (!plainQuotes || type !== Scalar.PLAIN) return undefined;
  return /^[“”„‟«»‘’‚‹›]/u.test(value)
    ? 'begins with a typographic quote, which does not quote here; write " or \''
    : invisibleProblem({ value, type });
}

/** A character that looks like a space or like nothing at all, outside of quotes; YAML knows only blanks and tabs. */
function invisibleProblem({ value, type }: Pick<Scalar, 'value' | 'type'>): string | undefined {
  const [found] = /(?![ \t])[\p{Z}\p{Cc}\p{Cf}]/u.exec(type === Scalar.PLAIN ? String(value) : '') ?? [];
  if (found === undefined) return undefined;
  const code = Number(found.codePointAt(0)).toString(16).toUpperCase().padStart(4, '0');
  return `contains an invisible character (U+${code}); delete it, or put the text in quotes if it is intended`;
}
