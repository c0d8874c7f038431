import { visible, visibleLines } from '../../errors/visible.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { planRequests } from '../../protocol/plan.ts';
import { parseSequence } from '../../protocol/sequence.ts';
import { type LeafStep, PHASES, type Scenario } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { planLines } from '../output/render.ts';
import { columns, count } from '../output/text.ts';

const DOCUMENT = documentHead('test');

/** `--list`: one line per scenario. */
export function showList({ output }: Context, scenarios: readonly Scenario[]): void {
  const results = scenarios.map(({ name, file, place, tags }) => ({ name, file, line: place.line, tags }));
  output.result({ ...DOCUMENT, results }, () =>
    columns(results.map(({ name, file, tags }) => [visible(file), visible(name), tags.join(' ')])),
  );
}

/** `--check`: the files are valid. */
export function showCheck({ output }: Context, scenarios: readonly Scenario[]): void {
  const files = [...new Set(scenarios.map(({ file }) => file))].map((file) => ({
    file,
    scenarios: scenarios.filter((scenario) => scenario.file === file).length,
  }));
  output.result({ ...DOCUMENT, results: files }, () =>
    files
      .map(({ file, scenarios: number }) => `${visible(file)}: ok, ${count(number, 'scenario')}`)
      .join('\n'),
  );
}

/** `--dry-run`: what would be sent and expected. Opens no socket. */
export function showDryRun({ output }: Context, scenarios: readonly Scenario[]): void {
  const results = scenarios.map(({ name, file, unmet, ...scenario }) => ({
    name,
    file,
    ...(unmet === undefined ? {} : { skipped: unmet }),
    steps: PHASES.flatMap((phase) =>
      scenario[phase].flatMap(({ leaves }, index) =>
        leaves.map((leaf) => ({
          phase,
          number: index + 1,
          text: leaf.text,
          urls: urlsOf(leaf, scenario.roles),
        })),
      ),
    ),
  }));
  output.result({ ...DOCUMENT, dryRun: true, results }, () =>
    results
      .map(({ name, file, skipped, steps }) =>
        [
          visible(`# ${name} (${file})`),
          ...(skipped === undefined ? [] : [visible(`# skipped: ${skipped}`)]),
          ...steps.flatMap(({ text, urls }) => [visible(`# ${text}`), ...urls.map(visibleLines)]),
        ].join('\n'),
      )
      .join('\n\n'),
  );
}

/** The URLs of one step, with pauses between them as comments. A virtual phone has no address until it runs. */
function urlsOf(leaf: LeafStep, roles: Scenario['roles']): readonly string[] {
  if (leaf.kind !== 'press' && leaf.kind !== 'idle') return [];
  const settings = roles.find(({ name }) => name === leaf.role)?.settings ?? { host: leaf.role };
  return planLines(
    planRequests(settings, leaf.kind === 'press' ? leaf.sequence : parseSequence(['RELEASE'])),
  );
}
