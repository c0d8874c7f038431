import { AtcomError } from '../../errors.ts';
import { identityOf } from '../../files/identity.ts';
import { takesStdout } from '../reports/index.ts';
import type { CommandStep } from '../step.ts';
import { isDry } from './run-lines.ts';

/** The journals and reports that the lines of a batch write: each has its own. */
export class WrittenFiles {
  readonly #repeated: boolean;
  readonly #files = new Set<string>();

  /** @param repeated - whether every line is run more than once */
  constructor(repeated: boolean) {
    this.#repeated = repeated;
  }

  /** @throws {AtcomError} `usage` if an earlier line writes the same file, or an earlier round the same journal */
  claim(step: CommandStep): void {
    if (step.kind !== 'press' || isDry(step, false)) return;
    const { journal, report = [] } = step.options;
    if (takesStdout(report)) {
      const reason = 'a line writes no report to stdout, where other lines write';
      throw new AtcomError('usage', { reason, hint: 'give the report a file' });
    }
    if (journal !== undefined && this.#repeated) {
      const reason = '--journal starts a new journal, which already exists when --repeat runs the file again';
      throw new AtcomError('usage', { reason, hint: 'leave one of them out' });
    }
    const files = report.map(({ file }) => file);
    for (const file of journal === undefined ? files : [journal, ...files]) {
      const one = identityOf(file);
      if (this.#files.has(one)) {
        const reason = `an earlier line also writes ${file}`;
        throw new AtcomError('usage', { reason, hint: 'give each line its own file' });
      }
      this.#files.add(one);
    }
  }
}
