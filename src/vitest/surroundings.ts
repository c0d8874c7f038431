import { cwd, env, pid } from 'node:process';
import type { ConfigContext } from '../config/index.ts';

/** Where tests run, and what the environment says there. A test runner has no main of ours that could hand it over. */
export const surroundings = (): ConfigContext & { readonly pid: number } => ({ cwd: cwd(), env, pid });
