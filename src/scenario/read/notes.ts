import { isAtcomError } from '../../errors.ts';
import type { Problem } from '../../yaml/problem.ts';

/** The path to something in a file. */
export type Path = readonly string[];

/** More problems would not help, and short files can have hundreds of thousands of long ones. */
const MOST_PROBLEMS = 1000;

/** The maximum with the same ones again, which thousands of phones can have in each step. */
const MOST_HEARD = 20_000;

/** Collects the problems of a file, so that all are reported together. */
export class Notes {
  readonly problems: Problem[] = [];
  readonly #known = new Set<string>();
  #heard = 0;

  /** Whether there is no room for more: what else is wrong is not noted. */
  get isFull(): boolean {
    return this.problems.length >= MOST_PROBLEMS || this.#heard >= MOST_HEARD;
  }

  wrong(path: Path, message: string): undefined {
    this.add([{ path, message }]);
    return undefined;
  }

  /** Every combination of a file has the same problems: each is kept once. */
  add(problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (this.isFull) return;
      this.#heard += 1;
      const { path, message, offset = '' } = problem;
      const key = `${path.join('\n')}\n${offset}\n${message}`;
      if (!this.#known.has(key)) this.problems.push(problem);
      this.#known.add(key);
    }
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
