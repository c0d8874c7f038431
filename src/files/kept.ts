import { AtcomError } from '../errors.ts';
import { isFilled, startOf } from './plain.ts';

/** A kind of files that this program writes. */
export interface Kind {
  /** As in "a report". */
  readonly name: string;
  /** How such a file begins, within its first bytes. */
  readonly start: Pick<RegExp, 'test'>;
}

/** How many bytes tell what a file is. */
export const START = 1024;

/**
 * Checks that a file is new, empty, or of the kind that is to be written there: the name may be that of a scenario, a
 * config or a journal, by mistake, through a link, or in another file of commands.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export function checkKept(file: string, { name, start }: Kind): void {
  const found = startOf(file, START);
  if (found === '' || (found !== undefined && start.test(found))) return;
  if (found === undefined && !isFilled(file)) return;
  const hint = 'name another file; if it is of no use any more, remove it';
  const reason =
    found === undefined
      ? `what it holds cannot be read, and may be something else than ${name}`
      : `it holds something else than ${name}`;
  throw new AtcomError('unwritable-file', { file, reason, hint });
}
