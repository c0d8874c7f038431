import type { AtcomError } from '../../errors.ts';
import { pathIn } from '../../files/links.ts';
import type { RunDocument } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { errorText, warningText } from '../output/render.ts';
import { github } from '../reports/github.ts';
import { GITHUB, prepareReports, type ReportTarget, STDOUT, writeReports } from '../reports/index.ts';
import { SCENARIO_REPORTS } from '../reports/scenarios.ts';

/** Writes the reports of a scenario run. */
export interface Reports {
  /**
   * Empties those of the last run.
   *
   * @throws {AtcomError} `unwritable-file`, `usage`
   */
  prepare(): Promise<void>;
  write(document: RunDocument): Promise<void>;
}

/**
 * Writes the reports of `--report`. A report that cannot be written is a failure, because build servers would read an
 * old one.
 */
export function reportsOf(context: Context, targets: readonly ReportTarget[] = []): Reports {
  const { output, stdout, cwd, signal, exit } = context;
  const files = targets
    .filter(({ format }) => format !== GITHUB)
    .map(({ format, file }) => ({ format, file: file === STDOUT ? file : pathIn(cwd, file) }));
  return {
    prepare: () => prepareReports(files, { person: context, signal, json: output.json }),
    write: async (document) => {
      const complain = (error: AtcomError) => {
        output.note((paint) => errorText(error.toJSON(), paint));
        if (document.ok) exit(1);
      };
      await writeReports(files, document, SCENARIO_REPORTS, { stdout, person: context, signal, complain });
      if (files.length < targets.length) await tellGithub(context, document);
    },
  };
}

/** Annotates lines of the files in the GitHub log, and adds a job summary. */
async function tellGithub(context: Context, document: RunDocument): Promise<void> {
  const { output, env, stderr, signal } = context;
  const { annotations, summary } = github(document, { workspace: env['GITHUB_WORKSPACE'], cwd: context.cwd });
  // GitHub reads both streams, and stdout may contain JSON only.
  if (output.json) for (const line of annotations) stderr.write(`${line}\n`);
  else output.lines(annotations, (line) => line);
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  const { writeText } = await import('../../files/write.ts');
  await writeText(file, `${summary}\n`, { append: true, person: context, signal }).catch(
    (error: AtcomError) => output.note((paint) => warningText(error.toJSON(), paint)),
  );
}
