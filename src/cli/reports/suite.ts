/** One thing that passed or did not, as build servers know it. */
export interface Case {
  readonly className: string;
  /** Where it stands in a file, for build servers that show that. */
  readonly place?: { readonly file: string; readonly line: number } | undefined;
  readonly name: string;
  /** Class and name in a person's words. */
  readonly title: string;
  readonly ms: number;
  /** How it did not pass: a `failure` is an answer, an `error` keeps anybody from telling. */
  readonly problem?: SuiteProblem | undefined;
  /** What to tell of one that passed. */
  readonly note?: string | undefined;
}

/** What went wrong, or why nothing was tried. */
export interface SuiteProblem {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly code: string;
  readonly message: string;
  /** Lines for a person. */
  readonly details: readonly string[];
}

/** Cases that belong together. */
export interface Suite {
  readonly name: string;
  readonly ms: number;
  readonly cases: readonly Case[];
}
