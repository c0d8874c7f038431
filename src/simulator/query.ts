/** The query of a control request: the tokens to press, or why it is not valid. */
export type ControlQuery = { readonly keys: readonly string[] } | { readonly wrong: string };

/** Splits a request target at the first `?` without decoding anything. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/**
 * Reads `key=A;B;C` as raw text, because `;` and `*` are unescaped in it. One trailing `;` is accepted, as printed in
 * the document's illustrations; `key` must be the only parameter.
 */
export function readControlQuery(query: string): ControlQuery {
  if (query.includes('&')) return { wrong: 'key must be the only parameter, with nothing after it' };
  if (!query.startsWith('key=')) return { wrong: 'the parameter key is missing: ?key=6040;DIAL' };
  const value = query.slice('key='.length).replace(/;$/, '');
  return value === '' ? { wrong: 'key is empty: ?key=6040;DIAL' } : { keys: value.split(';') };
}
