import { visible } from '../../errors/visible.ts';

/** Something that passed or failed, as build servers model it. */
export interface Case {
  readonly className: string;
  /** Its position in a file, for build servers that show it. */
  readonly place?: { readonly file: string; readonly line: number } | undefined;
  readonly name: string;
  /** Class and name for people. */
  readonly title: string;
  readonly ms: number;
  /** How it failed: a `failure` is a negative result, an `error` means that there is no result. */
  readonly problem?: SuiteProblem | undefined;
  /** A note on a case that passed. */
  readonly note?: string | undefined;
}

/** What went wrong, or why it was not attempted. */
export interface SuiteProblem {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly code: string;
  readonly message: string;
  /** Details for people. */
  readonly details: readonly string[];
}

/** The details of a problem, a line for each: a line break in a value starts none. */
export function detailsText({ details }: SuiteProblem): string {
  return details.map(visible).join('\n');
}

/** A group of cases. */
export interface Suite {
  readonly name: string;
  readonly ms: number;
  readonly cases: readonly Case[];
}
