import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { PHASES, type ReadWords, type Scenario } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { loadScenarios } from './load.ts';
import { type RunOptions, runAll } from './run-scenarios.ts';
import { type ScenarioFilter, selectScenarios } from './select.ts';
import { showCheck, showDryRun, showList } from './views.ts';

/** The options of `atcom test`. */
export interface TestOptions extends RunOptions, ScenarioFilter {
  readonly check?: boolean;
  readonly list?: boolean;
  readonly schema?: boolean;
  readonly dryRun?: boolean;
  readonly simulate?: boolean;
  readonly sipPbx?: string;
}

/** Reads all scenario files before anything is sent, then runs the selected scenarios or only shows them. */
export async function testScenarios(
  context: Context,
  readWords: ReadWords,
  files: readonly string[],
  options: TestOptions,
): Promise<void> {
  const { check = false, list = false, schema = false, dryRun = false, simulate = false } = options;
  if (schema) {
    const { makeJsonSchema } = await import('../../scenario/json-schema.ts');
    const value = makeJsonSchema();
    return context.output.result(value, () => JSON.stringify(value, null, 2));
  }
  if (files.length === 0) {
    throw new AtcomError('usage', {
      reason: 'no scenario file',
      hint: 'atcom help scenarios shows how to write one',
    });
  }
  if (simulate && options.sipPbx !== undefined) {
    const reason = '--simulate and --sip-pbx both decide what the phones are';
    throw new AtcomError('usage', { reason, hint: 'use one of them' });
  }
  const { scenarios, crossings } = await loadScenarios(context, files, readWords, {
    simulate,
    check,
    sipPbx: options.sipPbx,
  });
  const selected = selectScenarios(scenarios, options);
  if (check) {
    for (const crossing of crossings) {
      context.output.note((paint) => `${paint('yellow', 'warning')}: ${visible(crossing)}`);
    }
    warnOfEmpty(context, selected);
    return showCheck(context, selected);
  }
  if (list) return showList(context, selected);
  if (crossings.length > 0) {
    const file = files.filter((name) => crossings.some((crossing) => crossing.startsWith(`${name}:`)));
    throw new AtcomError('invalid-scenario', { file: file.join(' and '), problems: crossings });
  }
  if (dryRun) return showDryRun(context, selected);
  warnOfEmpty(context, selected);
  return runAll(context, selected, options);
}

/** Warns of scenarios that pass as soon as the phones take the keys. */
function warnOfEmpty({ output }: Context, scenarios: readonly Scenario[]): void {
  if (output.json || output.quiet) return;
  const files = new Set(scenarios.filter(expectsNothing).map(({ file }) => file));
  for (const file of files) {
    const text = visible(`${file}: no step expects anything, so it passes whatever follows from its keys`);
    output.note((paint) => `${paint('yellow', 'warning')}: ${text}`);
  }
}

/** One that is skipped has no steps; phones that are idle before the first one prove nothing of them. */
function expectsNothing(scenario: Scenario): boolean {
  if (scenario.unmet !== undefined) return false;
  const kinds = PHASES.flatMap((phase) =>
    scenario[phase].flatMap(({ leaves }) =>
      leaves.map(({ kind }) => (phase === 'setup' && kind === 'idle' ? 'pause' : kind)),
    ),
  );
  return kinds.every((kind) => kind === 'press' || kind === 'pause' || kind === 'says');
}
