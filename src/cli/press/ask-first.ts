import { AtcomError } from '../../errors.ts';
import { destructiveKeys, formatSequence } from '../../protocol/sequence.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { visible } from '../output/text.ts';
import { foldNames } from './folding.ts';
import type { Job } from './job.ts';

/** More phones than this, and a person is asked first. */
const MANY_PHONES = 10;

/** Many phones, or a key that takes one out of service: a terminal is asked, a script needs `--yes`. */
export async function askFirst(context: Context, jobs: readonly Job[], yes: boolean): Promise<void> {
  const keys = new Set(jobs.flatMap(({ sequence }) => destructiveKeys(sequence)));
  if (yes || (keys.size === 0 && jobs.length <= MANY_PHONES)) return;
  const names = foldNames(jobs.map(({ settings }) => ({ phone: settings.name ?? settings.host })));
  const sequences = new Set(jobs.map(({ sequence }) => formatSequence(sequence)));
  const what = `this presses ${[...sequences].join(' or ')} on ${visible(names)}`;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}
