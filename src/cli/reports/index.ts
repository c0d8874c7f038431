import { AtcomError } from '../../errors.ts';
import { closest } from '../../protocol/suggest.ts';

/** The formats of `--report` of commands that press keys, and of `atcom test`. */
export const PRESS_FORMATS = ['junit', 'tap'] as const;
export const SCENARIO_FORMATS = ['junit', 'tap', 'json', 'html'] as const;

/** Makes a document text of a format. */
export type Render<Document> = (document: Document) => string;

/** The report that is no file: GitHub Actions reads it from the log and from a file of its own. */
export const GITHUB = 'github';

/** A report to write. */
export interface ReportTarget {
  readonly format: string;
  readonly file: string;
}

/**
 * Reads `junit:FILE`, one or more.
 *
 * @param formats - those there are
 * @param alone - those that take no file
 * @throws {AtcomError} `usage`
 */
export function reportParser(formats: readonly string[], alone: readonly string[] = []) {
  const parse = (text: string, before: readonly ReportTarget[] = []): readonly ReportTarget[] => {
    if (alone.includes(text)) return [...before, { format: text, file: '' }];
    const [, format = '', file = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
    if (!formats.includes(format)) {
      const [suggestion = formats.join(':FILE or ')] = closest(format, formats);
      throw new AtcomError('usage', {
        reason: `${JSON.stringify(text)} is no report`,
        hint: `write ${suggestion}:FILE`,
      });
    }
    return [...before, { format, file }];
  };
  // For completion: what can be typed.
  return Object.assign(parse, { formats: [...formats.map((format) => `${format}:`), ...alone] });
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
export async function writeReports<Document>(
  targets: readonly ReportTarget[],
  document: Document,
  formats: Readonly<Record<string, Render<Document>>>,
  complain: (what: string) => void,
): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  for (const { format, file } of targets) {
    const render = formats[format];
    if (render === undefined) continue;
    await writeFile(file, render(document)).catch((error: Error) =>
      complain(`--report ${format}:${file}: ${error.message}`),
    );
  }
}
