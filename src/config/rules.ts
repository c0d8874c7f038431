import * as v from 'valibot';
import { isAtcomError } from '../errors.ts';
import { expandNodeset } from '../protocol/nodeset.ts';
import { closest } from '../protocol/suggest.ts';

/** Text; `what` says what it should be. YAML reads `00` as a number, so a number is told to be quoted. */
export function text(what: string) {
  return v.string(({ input }) =>
    typeof input === 'number' || typeof input === 'boolean'
      ? `must be text: put it in quotes (${what})`
      : `must be ${what}`,
  );
}

/** Text of a pattern. */
export function like(pattern: RegExp, what: string) {
  return v.pipe(text(what), v.regex(pattern, `must be ${what}`));
}

/** One of some words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be ${words.join(' or ')}`);
}

/** A setting that may be left out, with its description for the JSON Schema. */
export function optional<S extends v.GenericSchema>(description: string, schema: S) {
  return v.exactOptional(v.pipe(schema, v.description(description)));
}

/** Settings by name. A list would pass as settings called 0, 1 and 2. */
export function mapping<E extends v.ObjectEntries>(entries: E, what = 'settings, each as name: value') {
  const names = Object.keys(entries);
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), `must be ${what}, not a list`),
    // Not strictObject, which tells of the first unknown setting only.
    v.looseObject(entries, ({ expected }) => (expected === 'Object' ? `must be ${what}` : 'is missing')),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (typeof input !== 'object' || input === null) return;
      const given: Record<string, unknown> = { ...input };
      for (const key of Object.keys(given)) {
        if (names.includes(key)) continue;
        addIssue({ message: unknownSetting(key, names), path: [step(given, key)] });
      }
    }),
  );
}

/** One step of the path to a problem. */
export function step(input: object, key: string): v.ObjectPathItem {
  const settings: Record<string, unknown> = { ...input };
  return { type: 'object', origin: 'value', input: settings, key, value: settings[key] };
}

/** Entries whose names the user chooses. */
export function named<S extends v.GenericSchema>(what: string, schema: S) {
  return v.pipe(
    v.unknown(),
    v.check((input) => !Array.isArray(input), `must be ${what}s by name, not a list`),
    v.record(nameOf(what), schema, `must be ${what}s by name`),
  );
}

const NAME = /^[A-Za-z0-9._][A-Za-z0-9._-]*$/;

/** With ranges, such as `lab-[01-12,20]`. */
const NAMES = /^[A-Za-z0-9._[][A-Za-z0-9._,/[\]-]*$/;

/** Names must not mean anything in a target such as `lab-*,!@floor1` or on a command line. */
function nameOf(what: string) {
  return v.pipe(
    v.string(),
    v.regex(what === 'phone' ? NAMES : NAME, ({ input }) => nameProblem(what, String(input))),
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.issues !== undefined) return;
      const input = String(dataset.value);
      const names = what === 'phone' && /[[\]]/.test(input) ? namesOf(input) : [input];
      const message =
        typeof names === 'string' ? names : names.every(isName) ? undefined : nameProblem(what, input);
      if (message !== undefined) addIssue({ message });
    }),
    v.check(
      (name) => what !== 'phone' || name.toLowerCase() !== 'virtual',
      'virtual is the name of the phone that exists without a config; choose another',
    ),
  );
}

/** The names of a range such as `lab-[01-12]`, or why it cannot be read. */
function namesOf(text: string): readonly string[] | string {
  let names: readonly string[] = [];
  const problem = failureOf(() => {
    names = expandNodeset(text);
  });
  return problem ?? names;
}

function isName(name: string): boolean {
  return NAME.test(name);
}

function nameProblem(what: string, name: string): string {
  const rule = `the name of a ${what} is made of letters, digits, ".", "_" and "-"`;
  const special = /[[\],!&@*?\s/:]/.exec(name)?.[0];
  if (special === undefined) return name.startsWith('-') ? `${rule}, and does not begin with "-"` : rule;
  return `${rule}; ${JSON.stringify(special)} has a meaning of its own in a target`;
}

/** Text that a parser of the vocabulary takes; `explain` replaces the parser's words where they repeat the text. */
export function parsedBy(parse: (text: string) => unknown, explain?: string) {
  return v.rawCheck<string>(({ dataset, addIssue }) => {
    const message = dataset.typed ? failureOf(() => parse(dataset.value)) : undefined;
    if (message !== undefined) addIssue({ message: explain ?? message });
  });
}

/** Why something of the vocabulary is refused, with its hint; undefined when it is not. */
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
  const near = closest(key, names);
  return near.length > 0
    ? `unknown setting, did you mean ${near.join(' or ')}?`
    : `unknown setting; there is ${names.join(', ')}`;
}
