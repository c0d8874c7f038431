import * as v from 'valibot';
import { targetMistake } from '../protocol/mistakes.ts';
import { expandNodeset, expandWord } from '../targets/nodeset.ts';
import { failureOf } from '../yaml/rules.ts';

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

/** Names must not contain operators of a target such as `lab-*,!@floor1`, nor look like options. */
function nameOf(what: string) {
  return v.pipe(
    v.string(),
    v.regex(what === 'phone' ? NAMES : NAME, ({ input }) => nameProblem(what, String(input))),
    v.rawCheck(({ dataset, addIssue }) => {
      if (dataset.issues !== undefined) return;
      const input = String(dataset.value);
      const names = namesOf(input);
      const message =
        typeof names === 'string' ? names : names.every(isName) ? undefined : nameProblem(what, input);
      if (message !== undefined) addIssue({ message });
    }),
    v.check(
      (name) => what !== 'phone' || name.toLowerCase() !== 'virtual',
      'virtual is the name of the phone that exists without a config; choose another name',
    ),
    v.check(
      (name) => what !== 'group' || name.toLowerCase() !== 'all',
      '@all always means every phone; choose another name',
    ),
  );
}

/** The name, or the names of a range such as `lab-[01-12]`, or the reason why it is invalid. */
function namesOf(text: string): readonly string[] | string {
  let names: readonly string[] = [];
  const expand = /[[\]]/.test(text) ? expandNodeset : expandWord;
  const problem = failureOf(() => {
    names = expand(text);
  });
  return problem ?? names;
}

function isName(name: string): boolean {
  return NAME.test(name);
}

function nameProblem(what: string, name: string): string {
  const mistake = targetMistake(name);
  if (mistake !== undefined) return `${mistake.reason}; ${mistake.hint}`;
  const article = /^[aeiou]/.test(what) ? 'an' : 'a';
  const rule = `the name of ${article} ${what} consists of letters, digits, ".", "_" and "-"`;
  const special = /[[\],!&@*?\s/:]/.exec(name)?.[0];
  if (special === undefined) return name.startsWith('-') ? `${rule}, and cannot begin with "-"` : rule;
  return `${rule}; ${JSON.stringify(special)} has a special meaning in a target`;
}
