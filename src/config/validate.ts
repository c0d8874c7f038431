import * as v from 'valibot';
import type { Problem } from './problem.ts';
import { type FileSettings, fileSchema } from './schema.ts';

/** What a file says when it fits the schema, else everything that is wrong with it. */
type Validated =
  | { readonly settings: FileSettings; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly Problem[] };

/** @param refusal - why credentials must not stand in the file; undefined where they may */
export function validate(value: unknown, refusal: string | undefined): Validated {
  const result = v.safeParse(fileSchema(refusal), value);
  return result.success
    ? { settings: result.output, problems: [] }
    : { settings: undefined, problems: result.issues.flatMap((issue) => problemsOf(issue, [])) };
}

/** A union fails with the problems of all its ways. The way that the user has begun has problems further down. */
function problemsOf(issue: v.BaseIssue<unknown>, above: readonly string[]): readonly Problem[] {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => String(key))];
  const ways = issue.issues ?? [];
  const deeper = ways.filter((inner) => inner.path !== undefined);
  const begun = deeper.length > 0 ? deeper : ways.filter(({ kind }) => kind === 'validation');
  return begun.length > 0
    ? begun.flatMap((inner) => problemsOf(inner, path))
    : [{ path, message: issue.message }];
}
