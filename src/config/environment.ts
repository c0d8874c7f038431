import { AtcomError, isAtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { readPassword } from './files.ts';
import { variable } from './places.ts';
import { parseTimeout } from './timeout.ts';
import type { Environment } from './types.ts';

/**
 * Applies `ATCOM_TIMEOUT`, `ATCOM_DELAY` and the credentials of the environment to the settings of a phone.
 * Credentials go only to a phone that has none of its own.
 *
 * @throws {AtcomError} `usage` for an invalid value, `unreadable-file`
 */
export function applyEnvironment(settings: PhoneSettings, env: Environment): PhoneSettings {
  const timeout = duration(env, 'ATCOM_TIMEOUT', parseTimeout);
  const delay = duration(env, 'ATCOM_DELAY', parseDuration);
  const added = {
    ...(timeout === undefined ? {} : { timeout }),
    ...(delay === undefined ? {} : { delay }),
    ...credentials(settings, env),
  };
  return Object.keys(added).length === 0 ? settings : { ...settings, ...added };
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

/** A user of the config without a password gets the password of the environment, unless it belongs to another user. */
function credentials(settings: PhoneSettings, env: Environment): Pick<PhoneSettings, 'user' | 'password'> {
  const user = variable(env, 'ATCOM_USER');
  const others = settings.user !== undefined && user !== undefined && user !== settings.user;
  if (settings.password !== undefined || others) return {};
  const password = environmentPassword(env);
  return {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
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
