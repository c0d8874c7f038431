export { Actor } from './play/actor.ts';
export { outOfEarshot } from './play/earshot.ts';
export { type Pattern, patternText } from './play/event-log.ts';
export { endCalls, findInCall } from './play/in-call.ts';
export { perform } from './play/perform.ts';
export type { Performance } from './play/performance.ts';
export { type RunnerOptions, runScenarios } from './play/runner.ts';
export { openStage } from './play/stage.ts';
export { findUnproven } from './play/unproven.ts';
export { castPhones } from './read/casting.ts';
export { readScenarios } from './read/scenarios.ts';
export type { Command, ReadWords } from './read/step-reader.ts';
export { newWavReader } from './read/wav.ts';
export type {
  Attempt,
  CallAudio,
  Cast,
  ScenarioResult,
  SeenEvent,
  StepResult,
  TraceEntry,
} from './result.ts';
export {
  AUDIBLE,
  type ExpectStep,
  type HeardStep,
  type HearsStep,
  isAudible,
  type LeafStep,
  lockOf,
  MOST_TONES,
  type NeverStep,
  PHASES,
  type RoleAccount,
  type Scenario,
  SHORTEST_HEARING,
  type Step,
  type WantedTone,
} from './scenario.ts';
export { type RunDocument, runDocument } from './tell/document.ts';
export { type Explanation, eventLine, explain, offset } from './tell/explain.ts';
export { ladder } from './tell/ladder.ts';
export { sipText } from './tell/sip-text.ts';
