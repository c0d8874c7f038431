export { evaluateTarget } from '../targets/evaluate.ts';
export {
  parseTarget,
  type TargetExpression,
  type TargetStep,
  type TargetTerm,
  VIRTUAL,
} from '../targets/expression.ts';
export { foldNodeset } from '../targets/fold.ts';
export { createUniverse, type Inventory, type Selection, type Universe } from '../targets/inventory.ts';
export { readTargetLines } from '../targets/lines.ts';
export { expandNodeset } from '../targets/nodeset.ts';
export { resolveTargets, type Targets, type TargetWords } from '../targets/resolve.ts';
