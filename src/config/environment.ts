import { AtcomError, isAtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { readPassword } from './files.ts';
import { variable } from './places.ts';
import { parseTimeout } from './timeout.ts';
import type { Environment } from './types.ts';

/** The credentials for a phone. */
export type Login = Pick<PhoneSettings, 'user' | 'password'>;

/**
 * What `ATCOM_TIMEOUT` and `ATCOM_DELAY` say for every phone.
 *
 * @throws {AtcomError} `usage` for a value that cannot be used
 */
export function environmentTimes(env: Environment): Pick<PhoneSettings, 'timeout' | 'delay'> {
  const timeout = duration(env, 'ATCOM_TIMEOUT', parseTimeout);
  const delay = duration(env, 'ATCOM_DELAY', parseDuration);
  return { ...(timeout === undefined ? {} : { timeout }), ...(delay === undefined ? {} : { delay }) };
}

function duration(
  env: Environment,
  name: `ATCOM_${string}`,
  parse: (text: string) => number,
): number | undefined {
  const text = variable(env, name);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    throw usage(`${name}: ${error.message}`, error.hint);
  }
}

/**
 * User and password of the environment.
 *
 * @throws {AtcomError} `usage`, `unreadable-file`
 */
export function environmentCredentials(env: Environment): Login {
  const user = variable(env, 'ATCOM_USER');
  const password = environmentPassword(env);
  return { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
}

/** The contents of password files, per environment: a pipe can be read only once. */
const passwords = new WeakMap<Environment, Map<string, string>>();

function environmentPassword(env: Environment): string | undefined {
  const password = variable(env, 'ATCOM_PASSWORD');
  const path = variable(env, 'ATCOM_PASSWORD_FILE');
  if (path === undefined) return password;
  if (password !== undefined) {
    throw usage('ATCOM_PASSWORD and ATCOM_PASSWORD_FILE are both set', 'unset one of them');
  }
  const known = passwords.get(env) ?? new Map<string, string>();
  const read = known.get(path) ?? readPassword(path);
  passwords.set(env, known.set(path, read));
  return read;
}

function usage(reason: string, hint: string | undefined): AtcomError<'usage'> {
  return new AtcomError('usage', { reason, ...(hint === undefined ? {} : { hint }) });
}
