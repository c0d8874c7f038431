import { join } from 'node:path';
import { append } from '../../append.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { destructiveKeys } from '../../protocol/sequence.ts';
import {
  lockOf,
  PHASES,
  runDocument,
  runScenarios,
  type Scenario,
  type ScenarioResult,
} from '../../scenario/index.ts';
import type { Context, ListenOptions } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { startProgress } from '../output/progress.ts';
import { warningText } from '../output/render.ts';
import { showExchange } from '../press/send.ts';
import { targetText } from '../press/target-text.ts';
import type { ReportTarget } from '../reports/index.ts';
import { listenFor } from './listener.ts';
import { reportsOf } from './reports.ts';
import { resultText, summaryText } from './result-text.ts';
import { checkTraces, writeTrace } from './trace.ts';

/** How to run scenarios. */
export interface RunOptions extends Pick<ListenOptions, 'host' | 'port'> {
  readonly jobs: number;
  readonly retries: number;
  readonly failOnFlaky?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly report?: readonly ReportTarget[];
  /** The folder for traces, or false for none. */
  readonly trace: string | false;
  /** How long to wait for phones in use, in milliseconds. */
  readonly waitPhones?: number;
}

/** Runs scenarios, prints each when it ends, and sets the exit code. */
export async function runAll(
  context: Context,
  scenarios: readonly Scenario[],
  options: RunOptions,
): Promise<void> {
  const { output, signal, exit } = context;
  const { jobs, retries, force = false } = options;
  const reports = reportsOf(context, options.report);
  await reports.prepare();
  if (options.trace !== false) checkTraces(context, options.trace, scenarios);
  await confirmKeys(context, scenarios, options.yes === true);
  const folder = await lockFolder(context, scenarios);
  const listening = await listenFor(context, scenarios, options);
  await context.beforeSending?.(scenarios.length);
  const began = performance.now();
  const live = liveProgress(context, scenarios.length);
  const say = (text: string) => {
    if (!output.json && !output.quiet) live.above(() => output.note(() => visible(text)));
  };
  const interrupted = () => say('hanging up and cleaning up; Ctrl-C again leaves phones as they are');
  signal.addEventListener('abort', interrupted, { once: true });
  const folders: string[] = [];
  try {
    const results = await runScenarios(scenarios, {
      jobs,
      retries,
      force,
      target: (settings) => targetText(context, settings),
      signal,
      transport: context.transport,
      locks: {
        folder,
        process: context.pid,
        wait: options.waitPhones,
        onWait: (phone, owner) => say(`waiting for ${phone}, which ${owner} is using`),
      },
      listen: async () => {
        if (listening === undefined) throw new Error('a real phone, but no listener');
        return listening;
      },
      onRequest: showExchange(context),
      onStep: live.step,
      onResult: live.result,
      // Whoever reports without end must not hold up the reports.
    }).finally(() => listening?.close());
    live.stop();
    append(folders, await traces(context, results, options.trace));
    const ms = Math.round(performance.now() - began);
    const document = runDocument(results, { ms, signal, failOnFlaky: options.failOnFlaky === true });
    if (output.json) output.result(document, () => '');
    else if (!output.quiet || !document.ok) output.line(document, () => summaryText(document));
    if (folders.length > 0 && !output.quiet && !output.json)
      output.note(() => visible(`traces: ${folders.join(', ')}`));
    exit(document.exitCode);
    await reports.write(document);
  } finally {
    signal.removeEventListener('abort', interrupted);
    live.stop();
  }
}

/** Where phones are locked. Virtual ones are nobody else's, so a user without a home can have them. */
async function lockFolder(context: Context, scenarios: readonly Scenario[]): Promise<string> {
  if (scenarios.every(({ roles }) => roles.every((role) => lockOf(role) === undefined))) return '';
  const { stateFolder } = await import('../../config/index.ts');
  return join(stateFolder(context), 'phones');
}

/** Shows progress on a terminal, and each finished scenario in any case. */
function liveProgress({ output }: Context, total: number) {
  let [done, now] = [0, ''];
  const progress = startProgress(output, () => `${done}/${total}  ${visible(now)}`);
  return {
    step: ({ name }: Scenario, text: string) => {
      now = `${name}  ${text}`;
      progress.update();
    },
    result: (result: ScenarioResult) => {
      done += 1;
      const wrong = result.status !== 'passed' && result.status !== 'skipped';
      if (output.json || (output.quiet && !wrong)) return;
      progress.above(() => output.line(result, (paint) => resultText(result, paint)));
    },
    above: (write: () => void) => progress.above(write),
    stop: () => progress.stop(),
  };
}

/** Keys that take a real phone out of service need confirmation on the terminal, or `--yes` in a script. */
async function confirmKeys(context: Context, scenarios: readonly Scenario[], yes: boolean): Promise<void> {
  if (yes) return;
  const keys = new Set(scenarios.flatMap(destructiveKeysOf));
  if (keys.size === 0) return;
  const what = `this presses ${[...keys].join(' and ')}`;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

function destructiveKeysOf(scenario: Scenario): readonly string[] {
  const real = new Set(scenario.roles.filter(({ virtual }) => !virtual).map(({ name }) => name));
  const leaves = PHASES.flatMap((phase) => scenario[phase].flatMap((step) => step.leaves));
  return leaves.flatMap((leaf) =>
    leaf.kind === 'press' && real.has(leaf.role) ? destructiveKeys(leaf.sequence) : [],
  );
}

/** Writes traces of scenarios that did not pass at the first attempt. */
async function traces(
  context: Context,
  results: readonly ScenarioResult[],
  folder: string | false,
): Promise<readonly string[]> {
  if (folder === false) return [];
  const written: string[] = [];
  for (const [index, result] of results.entries()) {
    if (result.status === 'passed' || result.attempts.length === 0) continue;
    try {
      written.push(await writeTrace(context, folder, result, index + 1));
    } catch (error) {
      if (!isAtcomError(error)) throw error;
      // The result counts even if its trace could not be written.
      context.output.note((paint) => warningText(error.toJSON(), paint));
    }
  }
  return written;
}
