import type { Person } from '../../src/files/secret.ts';

/** The user who runs the tests, with this environment. */
export function me(env: Person['env']): Person {
  return { env, uid: process.geteuid?.() };
}
