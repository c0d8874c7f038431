import { isNode, isScalar, type Node, type Pair, type Scalar, visit } from 'yaml';
import type { Problem } from './problem.ts';

/** Names that objects of JavaScript have for themselves; a phone called so would be lost without a word. */
const TAKEN = new Set(['__proto__', 'constructor', 'prototype']);

/** What is wrong with a document whatever its settings are: names that are no text, `$import`, aliases of nothing. */
export function structuralProblems(root: Node | null, plainNumbers = false): readonly Problem[] {
  const problems: Problem[] = [];
  const anchors = new Set<string>();
  const add = (node: { readonly range?: Scalar['range'] }, message: string | undefined) => {
    if (message !== undefined) problems.push({ path: [], offset: node.range?.[0] ?? 0, message });
  };
  visit(root, {
    Pair: (_, { key }: Pair) => {
      if (isScalar(key)) add(key, nameProblem(key));
      else add(isNode(key) ? key : {}, 'a name must be plain text');
    },
    Value: (key, node) => {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (!plainNumbers || key === 'key' || !isScalar(node) || typeof node.value !== 'number') return;
      if (String(node.value) !== node.source) {
        add(node, 'is read as another number than is written; put it in quotes to keep it as text');
      }
    },
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return;
      add(alias, 'nothing above is marked with this &name; text that begins with * must be quoted');
    },
  });
  return problems;
}

function nameProblem({ value, source }: Scalar): string | undefined {
  if (value === '$import') return '$import is not supported: everything stands in one file';
  if (typeof value === 'string') {
    return TAKEN.has(value) ? `${value} cannot be used as a name` : undefined;
  }
  // `007` would become the number 7.
  return value !== null && String(value) === source ? undefined : 'this name must be quoted to be text';
}
