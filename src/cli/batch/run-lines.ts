import { setTimeout as sleep } from 'node:timers/promises';
import { hearSignal } from '../../abort.ts';
import { lineWithoutPasswords } from '../../errors/passwords.ts';
import { visible, visibleLines } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { failureOf } from '../failure.ts';
import { errorText } from '../output/render.ts';
import type { CommandStep } from '../step.ts';
import { runStep } from '../steps.ts';
import { configSaid } from '../words.ts';
import type { BatchStep, ReadyLine } from './parser.ts';
import type { SharedContext } from './shared-listener.ts';

/** On how many of its phones a line may have pressed keys. */
type Done = 'nothing' | 'part' | 'all';

/** How to continue after a line: keys that may have been pressed must not be pressed again. */
const GO_ON: Readonly<Record<Done, (line: number) => string>> = {
  nothing: (line) => `; continue with --from ${line}`,
  part: (line) =>
    `, and pressed keys on some of its phones: see above for the others, then continue with --from ${line + 1}`,
  all: (line) => `, and its keys may have been pressed: continue with --from ${line + 1}`,
};

function mayHavePressed(report: ProvenReport): boolean {
  return !('error' in report) || !(report.error.retryable || report.error.code === 'skipped');
}

/** Runs the lines of a batch, and knows whether keys were pressed. */
export class LineRunner {
  readonly #context: SharedContext;
  /** The name of a file to continue; undefined for stdin. */
  readonly #file: string | undefined;
  readonly #dryRun: boolean;
  readonly #from: number;
  #begun = false;
  #reached = 0;
  #failed: { readonly line: ReadyLine; readonly error: AtcomError } | undefined;
  /** How often the lines are run again after this. */
  #left = 0;
  /** What the last line did. */
  #done: Done = 'nothing';

  /** @param from - the first line of every round */
  constructor(context: SharedContext, file: string | undefined, dryRun: boolean, from = 1) {
    this.#context = context;
    this.#file = file;
    this.#dryRun = dryRun;
    this.#from = from;
  }

  /** How many lines of the last round were run, with the one that failed before it could report anything. */
  get reached(): number {
    return this.#reached;
  }

  /** The line that failed before it could report anything, and why. */
  get failed(): { readonly line: ReadyLine; readonly error: AtcomError } | undefined {
    return this.#failed;
  }

  /**
   * Runs lines until one fails. Returns whether all succeeded.
   *
   * @param left - how often they are to be run again after this
   * @throws {AtcomError} `batch` if a line that arrives is invalid, `unreadable-file` if none can arrive any more, `usage`
   * if there is none, and why the run was stopped
   */
  async run(lines: Iterable<ReadyLine> | AsyncIterable<ReadyLine>, left = 0): Promise<boolean> {
    this.#left = left;
    this.#reached = 0;
    let empty = true;
    try {
      for await (const line of lines) {
        empty = false;
        if (!(await this.#succeeds(line))) return false;
      }
    } catch (error) {
      throw this.#begun ? afterOthers(error) : error;
    }
    this.#context.signal.throwIfAborted();
    if (empty) throw nothingToDo(this.#file ?? 'stdin');
    return true;
  }

  async #succeeds(line: ReadyLine): Promise<boolean> {
    const { signal, exit } = this.#context;
    this.#done = 'nothing';
    const exitCode = await this.#runOne(line);
    if (exitCode === 0) {
      this.#begun ||= line.step.kind === 'press' && !isDry(line.step, this.#dryRun);
      return true;
    }
    this.#tell(line, exitCode === undefined ? 'was not run' : `ended with ${exitCode}`, this.#done);
    if (exitCode === undefined) throw signal.reason;
    exit(exitCode);
    return false;
  }

  /** Returns the exit code of a line; undefined if the run was stopped before it did anything. */
  async #runOne(line: ReadyLine): Promise<number | undefined> {
    const { words, step, said } = line;
    const { signal, output } = this.#context;
    let exitCode: number | undefined;
    const onReports = (reports: readonly ProvenReport[]) => {
      const pressed = reports.filter(mayHavePressed).length;
      this.#done = pressed === 0 ? 'nothing' : pressed === reports.length ? 'all' : 'part';
    };
    const exit = (code: number) => {
      exitCode = code;
    };
    try {
      await hearSignal(signal);
      const context = {
        ...this.#context,
        output,
        words,
        said: () => [...said(), ...configSaid(this.#context.said())],
      };
      await runIt({ ...context, exit, onReports }, step, this.#dryRun);
    } catch (error) {
      // What has an exit code has reported, too.
      if (exitCode === undefined) this.#failed = { line, error: failureOf(error, signal) };
      if (!isAtcomError(error)) throw error;
      if (signal.aborted) return undefined;
      exitCode = this.#show(words, error);
    } finally {
      this.#reached += 1;
    }
    return exitCode ?? 0;
  }

  /** Shows why a line was not run, and returns its exit code. */
  #show([command = '']: readonly string[], error: AtcomError): number {
    const { output } = this.#context;
    // 2 promises that nothing was sent.
    const exitCode = error.exitCode === 2 && this.#begun ? 1 : error.exitCode;
    if (output.json) output.result({ ...documentHead(command, exitCode), error }, () => '');
    else output.note((paint) => errorText(error.toJSON(), paint));
    return exitCode;
  }

  #tell({ number, text }: ReadyLine, what: string, done: Done): void {
    const before = this.#begun ? '; the lines before it were run' : '';
    const rounds = `${this.#from === 1 ? '' : `--from ${this.#from} `}--repeat ${this.#left}`;
    const again = this.#left === 0 ? '' : `, without --repeat; then the other rounds with ${rounds}`;
    const on = this.#file === undefined ? before : `${GO_ON[done](number)}${again}`;
    const place = `${this.#file ?? 'stdin'}:${number}`;
    const line = visible(`${place}: ${lineWithoutPasswords(text)}`);
    this.#context.output.note(() => `${line}\n  ${visibleLines(`${what}${on}`)}`);
  }
}

/** Why no more lines are run; says that others were. */
function afterOthers(error: unknown): unknown {
  if (!isAtcomError(error)) return error;
  switch (error.code) {
    case 'batch':
      return new AtcomError(error.code, { ...error.details, begun: true }, { cause: error });
    case 'unreadable-file':
      return new AtcomError(error.code, { ...error.details, begun: true }, { cause: error });
    default:
      return error;
  }
}

/** The error of a batch without a command. */
export function nothingToDo(file: string): AtcomError {
  return new AtcomError('usage', {
    reason: `${file} has no command, so there is nothing to do`,
    hint: 'write commands, one per line, without atcom: hold --to reception',
  });
}

/** Whether a step only shows what it would send. */
export function isDry(step: BatchStep, dryRun: boolean): boolean {
  return dryRun || (step.kind === 'press' && (step.options.dryRun === true || step.options.curl === true));
}

/** The step as it runs under `--dry-run` of the whole batch. */
export function dried(step: CommandStep, dryRun: boolean): CommandStep {
  return step.kind === 'press' && dryRun ? { ...step, options: { ...step.options, dryRun } } : step;
}

/** A dry run sends nothing, so there is no event to wait for. */
async function runIt(context: SharedContext, step: BatchStep, dryRun: boolean): Promise<void> {
  if (step.kind === 'press') {
    await runStep(context, dried(step, dryRun));
  } else if (!dryRun) {
    if (step.kind === 'expect') {
      context.beginExpect(step);
      await runStep(context, step);
    } else
      await sleep(step.ms, undefined, { signal: context.signal }).catch(() => {
        throw context.signal.reason;
      });
  }
}
