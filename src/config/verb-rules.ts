import * as v from 'valibot';
import { parseModel } from '../protocol/models.ts';
import { VERB_FORMS, VERBS, type VerbForm, type VerbOverrides, verbSequence } from '../protocol/verbs.ts';
import { failureOf, parsedBy, text } from '../yaml/rules.ts';

/** Parses a sequence as at the time of use; throws if that fails. */
function tryVerb(form: VerbForm, sequence: string, model?: string): void {
  const number = VERBS[form].includes('{number}') ? { number: '6040' } : {};
  verbSequence(
    { form, n: 1, ...number },
    { verbs: { [form]: sequence }, ...(model === undefined ? {} : { model: parseModel(model) }) },
  );
}

function verb(form: VerbForm) {
  return v.pipe(
    text(`a sequence such as "${VERBS[form]}"`),
    parsedBy((sequence) => tryVerb(form, sequence)),
    // Without it, the number would be dropped and something else dialled.
    v.check(
      (sequence) => !VERBS[form].includes('{number}') || sequence.includes('{number}'),
      `must contain {number}, such as "${VERBS[form]}"`,
    ),
  );
}

/** An optional sequence for every form of a verb. */
export function verbEntries() {
  return Object.fromEntries(VERB_FORMS.map((form) => [form, v.exactOptional(verb(form))])) as {
    readonly [Form in VerbForm]: v.ExactOptionalSchema<ReturnType<typeof verb>, undefined>;
  };
}

/** Finds sequences with keys that the model does not have. */
export function misfits(
  model: string | undefined,
  verbs: VerbOverrides,
): readonly { readonly form: VerbForm; readonly message: string }[] {
  return VERB_FORMS.flatMap((form) => {
    const sequence = verbs[form];
    const message = sequence === undefined ? undefined : failureOf(() => tryVerb(form, sequence, model));
    return message === undefined ? [] : [{ form, message }];
  });
}
