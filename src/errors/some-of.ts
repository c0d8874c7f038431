/** More names would not help, and a message with thousands of them is not read. */
const MOST_NAMED = 10;

/** A list of names, of which only the first ones are written: `a, b, c and 990 more`. */
export function someOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
