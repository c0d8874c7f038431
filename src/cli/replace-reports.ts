import { append } from '../append.ts';
import type { AtcomError } from '../errors.ts';
import type { Context } from './context.ts';

/**
 * Replaces the reports of an earlier run when this one has none of its own.
 *
 * @param understood - whether the command line was parsed; `atcom run` then knows itself which of its lines were not run
 */
export async function replaceReports(
  context: Context,
  command: string,
  error: AtcomError,
  understood: boolean,
): Promise<void> {
  const { words, said } = context;
  const { askedIn, meansRun, reportsOfAll } = await import('./reports/asked.ts');
  const asked = [askedIn(words, said)];
  if (!understood && meansRun(said())) {
    const { askedInFiles } = await import('./batch/asked-lines.ts');
    append(asked, askedInFiles(context));
  }
  const targets = reportsOfAll(asked);
  if (targets.length === 0) return;
  const files = understood ? said().flatMap((one) => (one.kind === 'argument' ? [one.word] : [])) : [];
  const { reportRefusal } = await import('./reports/refusal.ts');
  await reportRefusal(context, command, targets, error, files);
}
