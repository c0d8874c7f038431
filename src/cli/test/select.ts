import { quote } from '../../errors/passwords.ts';
import { someOf } from '../../errors/some-of.ts';
import { AtcomError } from '../../errors.ts';
import { closest } from '../../protocol/suggest.ts';
import type { Scenario } from '../../scenario/index.ts';

/** Which scenarios to run. */
export interface ScenarioFilter {
  /** Scenarios with any of these tags. */
  readonly tag?: readonly string[] | undefined;
  /** A regular expression for the name; case-insensitive. */
  readonly grep?: string | undefined;
}

/**
 * The selected scenarios, in order.
 *
 * @throws {AtcomError} `usage` if none is selected
 */
export function selectScenarios(
  scenarios: readonly Scenario[],
  { tag: tags, grep }: ScenarioFilter,
): readonly Scenario[] {
  const pattern = grep === undefined ? undefined : patternOf(grep);
  const selected = scenarios.filter(
    ({ name, tags: own }) =>
      (tags === undefined || tags.some((tag) => own.includes(tag))) && (pattern?.test(name) ?? true),
  );
  if (selected.length > 0) return selected;
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))];
  const near = (tags ?? []).flatMap((tag) => closest(tag, known));
  throw new AtcomError('usage', {
    reason: 'no scenario is selected',
    hint: near.length > 0 ? `did you mean --tag ${near[0]}?` : thereAre(scenarios, tags && known),
  });
}

/** What can be selected: the tags, or without them the names. */
function thereAre(scenarios: readonly Scenario[], tags: readonly string[] | undefined): string {
  if (tags === undefined || tags.length === 0)
    return `${tags === undefined ? '' : 'none has a tag; '}the scenarios are ${someOf(scenarios.map(({ name }) => name))}`;
  return `the tags are ${someOf(tags)}`;
}

function patternOf(text: string): RegExp {
  try {
    const pattern = new RegExp(text, 'i');
    // What is too large is refused at its first use.
    pattern.test('');
    return pattern;
  } catch (cause) {
    throw new AtcomError(
      'usage',
      {
        reason: `--grep ${quote(text)} is not a regular expression`,
        hint: 'escape special characters: \\(',
      },
      { cause },
    );
  }
}
