import { cwd, env, geteuid, pid } from 'node:process';
import type { ConfigContext } from '../config/index.ts';

/**
 * The folder and the environment in which tests run. Under a test runner, this library has no main function that could
 * provide them.
 */
export const surroundings = (): ConfigContext & { readonly pid: number } => ({
  cwd: cwd(),
  env,
  pid,
  uid: geteuid?.(),
});
