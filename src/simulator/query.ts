/** What the query of a control request says: the tokens to press, or why it says nothing. */
export type ControlQuery = { readonly keys: readonly string[] } | { readonly wrong: string };

/** A request target, divided at the first `?`; nothing is decoded. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/**
 * Reads `key=A;B;C` as text, because `;` and `*` stand in it raw. One `;` at the end is how the document's
 * illustrations are printed; `key` is the only parameter, with nothing after it.
 */
export function readControlQuery(query: string): ControlQuery {
  if (query.includes('&')) return { wrong: 'key must be the only parameter, with nothing after it' };
  if (!query.startsWith('key=')) return { wrong: 'the parameter key is missing: ?key=6040;DIAL' };
  const value = query.slice('key='.length).replace(/;$/, '');
  return value === '' ? { wrong: 'key is empty: ?key=6040;DIAL' } : { keys: value.split(';') };
}
