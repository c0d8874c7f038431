import type { Paint } from '../output/output.ts';

/** A warning, and what to do about it. */
export function warningLines(what: string, fix: string, paint: Paint): string {
  return `${paint('yellow', 'warning')}: ${what}\n${paint('bold', '  Fix:')} ${fix}`;
}
