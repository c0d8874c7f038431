import { isAtcomError } from '../errors.ts';
import { APPLY, addAll, evaluateTerm, type Growing, matching, ofModels, select } from './evaluate.ts';
import { parseTarget, type TargetExpression, type TargetTerm } from './expression.ts';
import type { Selection, Universe } from './inventory.ts';
import { findPhone } from './names.ts';

/** What a target selects where some of its words mean nothing. */
export interface WhatIsThere {
  readonly selected: Selection;
  /** Why it is not clear whether it selects these: a word after `!` or `&` means nothing. */
  readonly mistake?: string;
}

/**
 * Selects the phones of a target that may name others, of another project: a word that means nothing here adds nothing.
 *
 * @throws {AtcomError} `usage` for a target that is too large
 */
export function evaluateWhatIsThere(expression: TargetExpression, universe: Universe): WhatIsThere {
  return evaluate(expression, universe, new Map());
}

/** @param known - the groups that were evaluated, or are being evaluated */
function evaluate(
  expression: TargetExpression,
  universe: Universe,
  known: Map<string, WhatIsThere>,
): WhatIsThere {
  const selected: Growing = new Map();
  let mistake: string | undefined;
  for (const { operator, term } of expression) {
    try {
      if (operator !== ',') APPLY[operator](selected, evaluateTerm(term, universe, []), universe);
      else
        for (const found of meantBy(term, universe, known)) {
          universe.effort.look(found.selected.size);
          addAll(selected, found.selected);
          mistake ??= found.mistake;
        }
    } catch (error) {
      if (!isAtcomError(error) || universe.effort.isOver) throw error;
      mistake ??= error.message;
    }
  }
  return mistake === undefined ? { selected } : { selected, mistake };
}

function meantBy(
  term: TargetTerm,
  universe: Universe,
  known: Map<string, WhatIsThere>,
): readonly WhatIsThere[] {
  switch (term.kind) {
    case 'names': {
      universe.effort.name(term.text, term.names.length);
      const phones = term.names.flatMap((name) => findPhone(name, universe) ?? []);
      return [{ selected: select(phones, universe) }];
    }
    case 'glob': {
      const phones = term.patterns.flatMap((pattern) => matching(pattern, universe));
      return [{ selected: select(phones, universe) }];
    }
    case 'model':
      return [{ selected: select(ofModels(term.models, universe), universe) }];
    case 'groups':
      return term.names.flatMap((name) => groupOf(name, universe, known) ?? []);
    default:
      return [{ selected: evaluateTerm(term, universe, []) }];
  }
}

function groupOf(name: string, universe: Universe, known: Map<string, WhatIsThere>): WhatIsThere | undefined {
  const target = universe.groups.get(name);
  if (target === undefined || known.has(name)) return known.get(name);
  // In a circle, it adds nothing to itself.
  known.set(name, { selected: new Map() });
  const found = evaluate(parseTarget(target), universe, known);
  known.set(name, found);
  return found;
}
