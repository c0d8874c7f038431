import { AtcomError } from '../errors.ts';
import { isFilled, startOf } from './plain.ts';

/** A kind of files that this program writes. */
export interface Kind {
  /** As in "a report". */
  readonly name: string;
  /** How such a file begins, within its first bytes. */
  readonly start: Pick<RegExp, 'test'>;
  /** What to do about a file that is something else. */
  readonly hint?: string;
}

/** How many bytes tell what a file is. */
export const START = 1024;

const HINT = 'name another file; if it is of no use any more, remove it';

/**
 * Checks that a file is new, empty, or of the kind that is to be written there: the name may be that of a scenario, a
 * config or a journal, by mistake, through a link, or in another file of commands.
 *
 * @param at - its path, if it has another one while its folder is held
 * @throws {AtcomError} `unwritable-file`
 */
export function checkKept(file: string, { name, start, hint = HINT }: Kind, at = file): void {
  const found = startOf(at, START);
  if (found === '' || (found !== undefined && start.test(found))) return;
  if (found === undefined && !isFilled(at)) return;
  const reason =
    found === undefined
      ? `what it holds cannot be read, and may be something else than ${name}`
      : `it holds something else than ${name}`;
  throw new AtcomError('unwritable-file', { file, reason, hint });
}
