import { AtcomError } from '../../errors.ts';
import { destructiveKeys } from '../../protocol/sequence.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { visible } from '../output/text.ts';
import { foldNames } from './folding.ts';
import { type Job, jobText } from './job.ts';

/** More phones than this, and a person is asked first. */
const MANY_PHONES = 10;

/**
 * Asks about many phones; a few are served without asking.
 *
 * @throws {AtcomError} `not-confirmed`
 */
export async function askAbout(context: Context, what: string, phones: number, yes: boolean): Promise<void> {
  if (yes || phones <= MANY_PHONES) return;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

/** Many phones, or a key that takes one out of service: a terminal is asked, a script needs `--yes`. */
export async function askFirst(context: Context, jobs: readonly Job[], yes: boolean): Promise<void> {
  const what = yes ? undefined : questionOf(jobs);
  if (what !== undefined && !(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

/**
 * Finds out beforehand that nobody could be asked.
 *
 * @throws {AtcomError} `not-confirmed`
 */
export function checkAsking({ stdin, output }: Context, jobs: readonly Job[], yes: boolean): void {
  const what = yes ? undefined : questionOf(jobs);
  if (what === undefined || (output.interactive && stdin().isTTY === true)) return;
  throw new AtcomError('not-confirmed', { what });
}

/** What a person has to agree to; undefined for what is done without asking. */
function questionOf(jobs: readonly Job[]): string | undefined {
  const keys = new Set(jobs.flatMap(({ sequence }) => destructiveKeys(sequence)));
  if (keys.size === 0 && jobs.length <= MANY_PHONES) return undefined;
  const names = foldNames(jobs.map(({ settings }) => ({ phone: settings.name ?? settings.host })));
  const sequences = new Set(jobs.map(jobText));
  return `this presses ${[...sequences].join(' or ')} on ${visible(names)}`;
}
