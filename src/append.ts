/** Adds all items to a list. `push(...items)` fails where there are more of them than a call can have arguments. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}
