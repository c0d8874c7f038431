import { AtcomError } from '../../errors.ts';
import { closest } from '../../protocol/suggest.ts';
import type { ReportDocument } from '../document.ts';
import { junit } from './junit.ts';
import { tap } from './tap.ts';

/** What a report is made of, as text of its format. */
export type Render = (document: ReportDocument) => string;

/** The formats of `--report`: a file and a line each. */
const FORMATS: Readonly<Record<string, Render>> = { junit, tap };

/** A report to write. */
export interface ReportTarget {
  readonly format: string;
  readonly file: string;
}

/**
 * Reads `junit:FILE`.
 *
 * @throws {AtcomError} `usage`
 */
export function parseReport(text: string, before: readonly ReportTarget[] = []): readonly ReportTarget[] {
  const [, format = '', file = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  if (!Object.hasOwn(FORMATS, format)) {
    const [suggestion = Object.keys(FORMATS).join(':FILE or ')] = closest(format, Object.keys(FORMATS));
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(text)} is no report`,
      hint: `write ${suggestion}:FILE`,
    });
  }
  return [...before, { format, file }];
}

/**
 * Opens the files of reports, so that a wrong path is told before anything is sent.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function checkReports(targets: readonly ReportTarget[]): Promise<void> {
  const { appendFile } = await import('node:fs/promises');
  for (const { file } of targets) {
    await appendFile(file, '').catch((cause: Error) => {
      throw new AtcomError('unwritable-file', { file, reason: cause.message }, { cause });
    });
  }
}

/** Writes reports; a file that cannot be written is told after the run, whose outcome it does not change. */
export async function writeReports(
  targets: readonly ReportTarget[],
  document: ReportDocument,
  complain: (what: string) => void,
): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  for (const { format, file } of targets) {
    const render = FORMATS[format];
    if (render === undefined) continue;
    await writeFile(file, render(document)).catch((error: Error) =>
      complain(`--report ${format}:${file}: ${error.message}`),
    );
  }
}
