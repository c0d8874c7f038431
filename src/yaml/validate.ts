import * as v from 'valibot';
import type { Problem } from './problem.ts';

/** The data of a file if it matches the schema, otherwise all its problems. */
export type Validated<T> =
  | { readonly settings: T; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly Problem[] };

/** Validates the data of a file against a schema. */
export function validate<S extends v.GenericSchema>(value: unknown, schema: S): Validated<v.InferOutput<S>> {
  const result = v.safeParse(schema, value);
  return result.success
    ? { settings: result.output, problems: [] }
    : { settings: undefined, problems: result.issues.flatMap((issue) => problemsOf(issue, [])) };
}

/**
 * A union reports the problems of all its options. The option that the user meant is the one whose problems are
 * deepest.
 */
function problemsOf(issue: v.BaseIssue<unknown>, above: readonly string[]): readonly Problem[] {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => String(key))];
  const ways = issue.issues ?? [];
  const deeper = ways.filter((inner) => inner.path !== undefined);
  const begun = deeper.length > 0 ? deeper : ways.filter(({ kind }) => kind === 'validation');
  return begun.length > 0
    ? begun.flatMap((inner) => problemsOf(inner, path))
    : [{ path, message: issue.message }];
}
