/** The values of one combination of `with:`. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** `$name`, or `${name}` before what could be a part of it. */
const NAME = /\$(?:(\w+)|\{(\w+)\})/g;

/** The number of combinations, to check before they are created. */
export function countCombinations(matrix: Readonly<Record<string, readonly unknown[]>> = {}): number {
  return Object.values(matrix).reduce((product, values) => product * values.length, 1);
}

/** All combinations of `with:`, in the order of the file; without `with:`, one without values. */
export function combinations(
  matrix: Readonly<Record<string, readonly Values[string][]>> = {},
): readonly Values[] {
  return Object.entries(matrix).reduce<readonly Values[]>(
    (all, [name, values]) => all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  );
}

/**
 * Replaces `$name` in the data of a file. In `needs:`, which takes numbers, a text that is only `$name` becomes the value
 * itself. Other `$names` are left for the phones.
 */
export function substitute(data: unknown, values: Values, typed = false): unknown {
  if (typeof data === 'string') return substituteText(data, values, typed);
  if (Array.isArray(data)) return data.map((item) => substitute(item, values, typed));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, substitute(value, values, typed || name === 'needs')]),
  );
}

function substituteText(text: string, values: Values, typed: boolean): unknown {
  const [, only = ''] = typed ? (/^\$\{?(\w+)\}?$/.exec(text) ?? []) : [];
  if (Object.hasOwn(values, only)) return values[only];
  return text.replace(NAME, (whole, plain, braced) => {
    const name: string = plain ?? braced;
    return Object.hasOwn(values, name) ? String(values[name]) : whole;
  });
}

/**
 * The most characters that the data of a file has with values of `with:`; aliases count as what they stand for. What the
 * names of settings have counts, too.
 */
export function mostLength(
  data: unknown,
  matrix: Readonly<Record<string, readonly Values[string][]>> = {},
): number {
  const longest = new Map(
    Object.entries(matrix).map(([name, values]) => [
      name,
      values.reduce<number>((most, value) => Math.max(most, String(value).length), 0),
    ]),
  );
  const lengthOf = (part: unknown): number => {
    if (typeof part === 'string') {
      const names = [...part.matchAll(NAME)].map(([, plain, braced]) => plain ?? braced ?? '');
      return names.reduce((sum, name) => sum + (longest.get(name) ?? 0), part.length);
    }
    if (typeof part !== 'object' || part === null) return 0;
    return Object.entries(part).reduce((sum, [name, each]) => sum + name.length + lengthOf(each), 0);
  };
  return lengthOf(data);
}

/** The name of a combination, with its values inserted, or else added in brackets. */
export function titleOf(name: string, values: Values): string {
  const named = String(substitute(name, values));
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return named === name && pairs.length > 0 ? `${name} [${pairs.join(', ')}]` : named;
}
