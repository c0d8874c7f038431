import { isAtcomError } from '../errors.ts';
import { APPLY, addAll, evaluateTerm, type Growing, matching, ofModels, select } from './evaluate.ts';
import { parseTarget, type TargetExpression, type TargetStep, type TargetTerm } from './expression.ts';
import { reverse, type Selection, type Universe } from './inventory.ts';
import { findPhone } from './names.ts';

/** What a target selects where some of its words mean nothing. */
export interface WhatIsThere {
  readonly selected: Selection;
  /** Why it is not clear whether it selects some of these, by their identity: a word after their `!` or `&` means nothing. */
  readonly doubtful: ReadonlyMap<string, string>;
}

/**
 * Selects the phones of a target that may name others, of another project: a word that means nothing here adds nothing.
 *
 * @throws {AtcomError} `usage` for a target that is too large
 */
export function evaluateWhatIsThere(expression: TargetExpression, universe: Universe): WhatIsThere {
  // Of a mistake, only its message is kept; there may be thousands.
  return evaluate(expression, { ...universe, suggests: false }, { path: [], known: new Map() });
}

/** The groups that are being evaluated, outermost first, and those that were or are. */
interface Groups {
  readonly path: readonly string[];
  readonly known: Map<string, WhatIsThere>;
}

function evaluate(expression: TargetExpression, universe: Universe, groups: Groups): WhatIsThere {
  const sofar = { selected: new Map(), doubtful: new Map() } satisfies Sofar;
  for (const step of expression) {
    try {
      apply(step, sofar, universe, groups);
    } catch (error) {
      if (!isAtcomError(error) || universe.effort.isOver) throw error;
      for (const key of sofar.selected.keys()) sofar.doubtful.set(key, error.message);
    }
  }
  return sofar;
}

interface Sofar {
  readonly selected: Growing;
  readonly doubtful: Map<string, string>;
}

function apply({ operator, term }: TargetStep, sofar: Sofar, universe: Universe, groups: Groups): void {
  if (operator === ',') {
    for (const found of meantBy(term, universe, groups)) add(sofar, found, universe);
    return;
  }
  const within = operator === '!' ? reverse(universe) : universe;
  APPLY[operator](sofar.selected, evaluateTerm(term, within, groups.path), universe);
}

/** Adds what a word selects: whatever else is not clear, it does select these. */
function add({ selected, doubtful }: Sofar, found: WhatIsThere, { effort }: Universe): void {
  effort.look(found.selected.size);
  for (const key of found.selected.keys()) {
    const doubt = found.doubtful.get(key);
    if (doubt === undefined) doubtful.delete(key);
    else if (!selected.has(key)) doubtful.set(key, doubt);
  }
  addAll(selected, found.selected);
}

function meantBy(term: TargetTerm, universe: Universe, groups: Groups): readonly WhatIsThere[] {
  switch (term.kind) {
    case 'names':
      universe.effort.name(term.text, term.names.length);
      return [
        clear(
          universe,
          term.names.flatMap((name) => findPhone(name, universe) ?? []),
        ),
      ];
    case 'glob':
      return [
        clear(
          universe,
          term.patterns.flatMap((pattern) => matching(pattern, universe)),
        ),
      ];
    case 'model':
      return [clear(universe, ofModels(term.models, universe))];
    case 'groups':
      return term.names.flatMap((name) => groupOf(name, universe, groups) ?? []);
    default:
      return [{ selected: evaluateTerm(term, universe, []), doubtful: new Map() }];
  }
}

function clear(universe: Universe, phones: Parameters<typeof select>[0]): WhatIsThere {
  return { selected: select(phones, universe), doubtful: new Map() };
}

function groupOf(name: string, universe: Universe, { path, known }: Groups): WhatIsThere | undefined {
  const target = universe.groups.get(name);
  if (target === undefined || known.has(name)) return known.get(name);
  universe.effort.enter(path);
  // In a circle, it adds nothing to itself.
  known.set(name, { selected: new Map(), doubtful: new Map() });
  const found = evaluate(parseTarget(target, universe.effort), universe, { path: [...path, name], known });
  known.set(name, found);
  return found;
}
