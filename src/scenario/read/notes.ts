import { isAtcomError } from '../../errors.ts';
import type { Problem } from '../../yaml/problem.ts';

/** Where something stands in a file, from the top. */
export type Path = readonly string[];

/** Collects what is wrong with a file, so that all of it is told at once. */
export class Notes {
  readonly problems: Problem[] = [];

  wrong(path: Path, message: string): undefined {
    this.problems.push({ path, message });
    return undefined;
  }

  /** What a parser makes of something; where it refuses that, a problem. */
  caught<T>(path: Path, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      return this.wrong(path, reasonOf(error));
    }
  }
}

/** What is wrong and what to do about it, in one line; anything unexpected is thrown on. */
export function reasonOf(error: unknown): string {
  if (!isAtcomError(error)) throw error;
  return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
}
