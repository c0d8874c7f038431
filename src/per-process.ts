/**
 * State that exists once in a process. The command line is bundled in chunks, and a module that two of them need is in
 * both: what stands at the top of a module exists once for each. So such state is global, under a registered symbol.
 *
 * @param name - unique in `src/`
 */
export function perProcess<State>(name: string, create: () => State): State {
  const key = Symbol.for(`atcom.${name}`);
  const shared = globalThis as { [key]?: State };
  shared[key] ??= create();
  return shared[key];
}
