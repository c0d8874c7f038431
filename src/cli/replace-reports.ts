import type { AtcomError } from '../errors.ts';
import type { Context } from './context.ts';

/**
 * Replaces the reports of an earlier run when this one is refused.
 *
 * @param understood - whether the command line was parsed; `atcom test` then replaces its own reports, because it knows
 *   which file is to blame
 */
export async function replaceReports(
  context: Context,
  command: string,
  error: AtcomError,
  understood: boolean,
) {
  const { words } = context;
  const none = !words.some((word) => /^--report(=|$)/.test(word)) || (understood && command === 'test');
  if (none || error.code === 'bug') return;
  const { reportRefusal, reportsIn } = await import('./reports/refusal.ts');
  await reportRefusal(context, command, reportsIn(words, context.said()), error);
}
