import type { ScenarioResult, StepResult } from '../../../scenario/index.ts';

/** `365 ms`, `4.20 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `2026-11-25 03:54:08 UTC`, from ISO 8601. */
export function moment(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

/** `step 3`, `cleanup 1`. */
export function stepName({ phase, number }: StepResult): string {
  return `${phase === 'steps' ? 'step' : phase} ${number}`;
}

/** What a step does, without its phone: `expect hold within 3s`. */
export function deed({ role, text }: StepResult): string {
  return role !== undefined && text.startsWith(`${role}: `) ? text.slice(role.length + 2) : text;
}

/** Whether a step ended in an unexpected way. */
export function wentWrong({ status }: StepResult): boolean {
  return status !== 'passed' && status !== 'skipped';
}

/** Why a scenario was skipped. */
export function skipReason({ error }: ScenarioResult): string {
  return error?.message.replace(/^not sent: /, '') ?? '';
}
