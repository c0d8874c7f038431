export { type RunDocument, runDocument } from './document.ts';
export type { Heard, Pattern } from './event-log.ts';
export { type Explanation, explain, offset } from './explain.ts';
export { makeJsonSchema } from './json-schema.ts';
export { readScenarios } from './read.ts';
export type {
  Attempt,
  ScenarioResult,
  SeenEvent,
  StepResult,
  TraceEntry,
} from './result.ts';
export { type RunnerOptions, runScenarios } from './runner.ts';
export { type LeafStep, PHASES, type Scenario, type Step } from './scenario.ts';
export type { Command, ReadWords } from './step-reader.ts';
