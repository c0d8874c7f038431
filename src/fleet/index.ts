export { expandNodeset } from '../protocol/nodeset.ts';
export { evaluateTarget } from './evaluate.ts';
export {
  parseTarget,
  type TargetExpression,
  type TargetStep,
  type TargetTerm,
  VIRTUAL,
} from './expression.ts';
export { foldNodeset } from './fold.ts';
export { readTargetLines } from './lines.ts';
export { resolveTargets, type Targets, type TargetWords } from './resolve.ts';
export { createUniverse, type Inventory, type Selection, type Universe } from './universe.ts';
