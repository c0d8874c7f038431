const KEY = Symbol.for('atcom.virtual-addresses');

/**
 * The addresses of this process's virtual phones, such as `127.0.0.1:7001`. Client and simulator do not import each
 * other, and a bundle can contain this module twice, so the set is global under a registered symbol.
 */
export function virtualAddresses(): Set<string> {
  const shared = globalThis as { [KEY]?: Set<string> };
  shared[KEY] ??= new Set();
  return shared[KEY];
}
