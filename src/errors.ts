import type { ErrorCode, ErrorDetails, ErrorRows } from './errors/details.ts';
import { INPUT_ROWS } from './errors/input.ts';
import { inOneLine } from './errors/one-line.ts';
import { withoutPasswords } from './errors/passwords.ts';
import { RUN_ROWS } from './errors/runs.ts';

export type { ErrorCode, ErrorDetails, Silence } from './errors/details.ts';

/** Every expected failure, with its exit code, message and hint. A code without a row does not compile. */
const ROWS: ErrorRows<ErrorCode> = { ...INPUT_ROWS, ...RUN_ROWS };

/** An expected failure: bad input, bad config, or a request that did not succeed. Anything else thrown is a bug. */
export class AtcomError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AtcomError';
  readonly code: C;
  readonly details: ErrorDetails[C];

  constructor(code: C, details: ErrorDetails[C], options?: ErrorOptions) {
    const shown = withoutPasswords(details);
    super(ROWS[code].message(inOneLine(shown)), options);
    this.code = code;
    this.details = shown;
  }

  /** How to fix it. */
  get hint(): string | undefined {
    return ROWS[this.code].hint?.(inOneLine(this.details));
  }

  /** The exit code of the command line for this error. */
  get exitCode(): number {
    const { exitCode } = ROWS[this.code];
    return typeof exitCode === 'number' ? exitCode : exitCode(this.details);
  }

  /** Whether nothing was delivered or done, so that sending again cannot press a key twice. */
  get retryable(): boolean {
    return ROWS[this.code].retryable === true;
  }

  /** As in `--json`. */
  toJSON(): ErrorJson {
    const { code, message, hint, retryable } = this;
    return hint === undefined ? { code, message, retryable } : { code, message, hint, retryable };
  }
}

/** An error in `--json`. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly retryable: boolean;
}

/** Every {@link AtcomError} by code, so that `switch (error.code)` narrows `error.details`. */
export type AnyAtcomError = { [C in ErrorCode]: AtcomError<C> }[ErrorCode];

/**
 * Whether a caught value is an {@link AtcomError}; narrows it by `code`. It compares names, not classes, because two
 * copies of this module can be loaded at the same time.
 *
 * @example
 * ```ts
 * import { isAtcomError, parseKey } from 'atcom';
 * try {
 *   parseKey('HOLDD');
 * } catch (error) {
 *   if (isAtcomError(error) && error.code === 'unknown-key') console.log(error.details.suggestions); // ['HOLD']
 * }
 * ```
 */
export function isAtcomError(error: unknown): error is AnyAtcomError {
  return error instanceof Error && error.name === 'AtcomError';
}

/** What stopped a run: the reason of its signal. */
export function stoppedBy({ reason }: AbortSignal): AnyAtcomError {
  return isAtcomError(reason) ? reason : new AtcomError('interrupted', {});
}
