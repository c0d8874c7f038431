export type { Pattern } from './play/event-log.ts';
export { type RunnerOptions, runScenarios } from './play/runner.ts';
export { makeJsonSchema } from './read/json-schema.ts';
export { readScenarios } from './read/scenarios.ts';
export type { Command, ReadWords } from './read/step-reader.ts';
export type {
  Attempt,
  ScenarioResult,
  SeenEvent,
  StepResult,
  TraceEntry,
} from './result.ts';
export { type LeafStep, PHASES, type Scenario, type Step } from './scenario.ts';
export { type RunDocument, runDocument } from './tell/document.ts';
export { type Explanation, explain, offset } from './tell/explain.ts';
