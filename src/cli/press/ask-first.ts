import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { destructiveKeys } from '../../protocol/sequence.ts';
import { nameOf } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import { canAsk, confirm } from '../output/confirm.ts';
import { count } from '../output/text.ts';
import { foldNames } from './folding.ts';
import { type Job, jobText } from './job.ts';

/** With more phones than this, the user is asked first. */
const MANY_PHONES = 10;

/**
 * Asks before many phones are changed that were read before; a few need no confirmation.
 *
 * @throws {AtcomError} `not-confirmed`
 */
export async function askAbout(context: Context, what: string, phones: number, yes: boolean): Promise<void> {
  if (yes || phones <= MANY_PHONES) return;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what, undone: 'written' });
}

/** Asks for confirmation if there are many phones, or a key takes one out of service. A script needs `--yes`. */
export async function askFirst(context: Context, jobs: readonly Job[], yes: boolean): Promise<void> {
  const what = yes ? undefined : questionOf(jobs);
  if (what !== undefined && !(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

/**
 * Fails early if there is nobody to ask.
 *
 * @throws {AtcomError} `not-confirmed`
 */
export function checkAsking(context: Context, jobs: readonly Job[], yes: boolean): void {
  const what = yes ? undefined : questionOf(jobs);
  if (what === undefined || canAsk(context)) return;
  throw new AtcomError('not-confirmed', { what });
}

/** The question to confirm; undefined if no confirmation is needed. */
function questionOf(jobs: readonly Job[]): string | undefined {
  // Thousands of phones share a sequence.
  const distinct = [...new Map(jobs.map((job) => [job.sequence, job])).values()];
  const keys = new Set(distinct.flatMap(({ sequence }) => destructiveKeys(sequence)));
  if (keys.size === 0 && jobs.length <= MANY_PHONES) return undefined;
  const names = foldNames(jobs.map(({ settings }) => ({ phone: nameOf(settings) })));
  const sequences = new Set(distinct.map(jobText));
  const many = jobs.length > 1 ? `${count(jobs.length, 'phone')}: ` : '';
  return `this presses ${[...sequences].join(' or ')} on ${many}${visible(names)}`;
}
