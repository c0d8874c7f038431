import type { Environment } from '../../config/index.ts';

/**
 * An environment for another program: without our variables, which may hold credentials. Windows finds them in any case.
 *
 * @param kept - the names of those that it gets
 */
export function withoutOurs(
  env: Environment,
  kept: readonly string[] = [],
): Record<string, string | undefined> {
  const theirs = Object.entries(env).filter(
    ([name]) => !name.toUpperCase().startsWith('ATCOM_') || kept.includes(name),
  );
  return Object.fromEntries(theirs);
}
