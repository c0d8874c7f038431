import * as v from 'valibot';
import { isAtcomError } from '../errors.ts';
import { closest } from '../protocol/suggest.ts';

/** Text; `what` describes it. YAML reads `00` as a number, so the message for a number says to quote it. */
export function text(what: string) {
  return v.string(({ input }) =>
    typeof input === 'number' || typeof input === 'boolean'
      ? `must be text: put it in quotes (${what})`
      : `must be ${what}`,
  );
}

/** Text that matches a pattern. */
export function like(pattern: RegExp, what: string) {
  return v.pipe(text(what), v.regex(pattern, `must be ${what}`));
}

/** One of these words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be ${words.join(' or ')}`);
}

/** An optional setting, with its description for the JSON Schema. */
export function optional<S extends v.GenericSchema>(description: string, schema: S) {
  return v.exactOptional(v.pipe(schema, v.description(description)));
}

/**
 * An object with these settings. Lists are rejected: they would pass as settings named 0, 1 and 2.
 *
 * @param free - additional names that may hold anything
 */
export function mapping<E extends v.ObjectEntries>(
  entries: E,
  what = 'settings, each as name: value',
  free?: RegExp,
) {
  const names = Object.keys(entries);
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), `must be ${what}, not a list`),
    // Not strictObject, which only reports the first unknown setting.
    v.looseObject(entries, ({ expected }) => (expected === 'Object' ? `must be ${what}` : 'is missing')),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (typeof input !== 'object' || input === null) return;
      for (const key of Object.keys(input)) {
        if (names.includes(key) || free?.test(key) === true) continue;
        addIssue({ message: unknownSetting(key, names), path: [step(input, key)] });
      }
    }),
  );
}

/** Where a value begins that stands in the name of a setting, because a colon or the blank after it is missing. */
export const GLUED = /[^\p{L}\p{N}._-]/u;

/** One element of the path to a problem. */
export function step(input: object, key: string): v.ObjectPathItem {
  // Not copied, because many problems would each copy all settings.
  const settings = input as Record<string, unknown>;
  return { type: 'object', origin: 'value', input: settings, key, value: settings[key] };
}

/** Text that a parser accepts. `explain` replaces parser messages that would repeat the text. */
export function parsedBy(parse: (text: string) => unknown, explain?: (text: string) => string) {
  return v.rawCheck<string>(({ dataset, addIssue }) => {
    const message = dataset.typed ? failureOf(() => parse(dataset.value)) : undefined;
    if (message !== undefined) addIssue({ message: explain?.(dataset.value as string) ?? message });
  });
}

/** Why a parser rejects something, with the hint; undefined if it accepts it. */
export function failureOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
  }
}

function unknownSetting(key: string, names: readonly string[]): string {
  const [name = ''] = key.split(GLUED);
  if (name !== key && name !== '') return `unknown setting; write ${name}: and a blank before its value`;
  const near = closest(key, names);
  return near.length > 0
    ? `unknown setting, did you mean ${near.join(' or ')}?`
    : `unknown setting; there is ${names.join(', ')}`;
}
