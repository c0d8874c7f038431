const KEY = Symbol.for('atcom.virtual-addresses');

/**
 * Where the virtual phones of this process listen, as `127.0.0.1:7001`. Client and simulator do not import each other,
 * and a bundle can hold this module twice: so the set is found by a name.
 */
export function virtualAddresses(): Set<string> {
  const shared = globalThis as { [KEY]?: Set<string> };
  shared[KEY] ??= new Set();
  return shared[KEY];
}
