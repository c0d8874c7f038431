import { AtcomError, isAtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { variable } from './places.ts';
import type { ReadSecret } from './secrets.ts';
import { parseTimeout } from './timeout.ts';
import type { Environment } from './types.ts';
import { isUserName, USER_NAME_RULE } from './user-name.ts';

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
export async function environmentCredentials(env: Environment, read: ReadSecret): Promise<Login> {
  const user = variable(env, 'ATCOM_USER');
  if (user !== undefined && !isUserName(user)) throw usage(`ATCOM_USER ${USER_NAME_RULE}`, undefined);
  const password = await environmentPassword(env, read);
  return { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
}

async function environmentPassword(env: Environment, read: ReadSecret): Promise<string | undefined> {
  const password = variable(env, 'ATCOM_PASSWORD');
  const path = variable(env, 'ATCOM_PASSWORD_FILE');
  if (path === undefined) return password;
  if (password !== undefined) {
    throw usage('ATCOM_PASSWORD and ATCOM_PASSWORD_FILE are both set', 'unset one of them');
  }
  return read(path);
}

function usage(reason: string, hint: string | undefined): AtcomError<'usage'> {
  return new AtcomError('usage', { reason, ...(hint === undefined ? {} : { hint }) });
}
