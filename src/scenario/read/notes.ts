import { isAtcomError } from '../../errors.ts';
import type { Problem } from '../../yaml/problem.ts';

/** The path to something in a file. */
export type Path = readonly string[];

/** Collects the problems of a file, so that all are reported together. */
export class Notes {
  readonly problems: Problem[] = [];

  wrong(path: Path, message: string): undefined {
    this.problems.push({ path, message });
    return undefined;
  }

  /** Runs a parser, and notes a problem if it throws. */
  caught<T>(path: Path, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      return this.wrong(path, reasonOf(error));
    }
  }
}

/** An error and its hint in one line; unexpected errors are thrown again. */
export function reasonOf(error: unknown): string {
  if (!isAtcomError(error)) throw error;
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}
