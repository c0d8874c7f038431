import { pathIn } from '../files/links.ts';
import { Together } from '../files/named.ts';
import { readSecret } from '../files/secret.ts';
import { phoneEntries } from './entries.ts';
import type { WrittenFile } from './reader.ts';
import type { ConfigContext, Environment } from './types.ts';

/**
 * Reads the secret in a file.
 *
 * @throws {AtcomError} `unreadable-file`; the reason of the run's signal
 */
export type ReadSecret = (path: string) => Promise<string>;

/** What is being read, or was. */
interface Known {
  readonly read: Map<string, Promise<string>>;
  readonly together: Together;
}

/** The maximum of all secrets of a run, in MiB. */
const MOST = 16;

/** What is known per environment: a pipe gives its text once. */
const known = new WeakMap<Environment, Known>();

/** Reads the secrets of a run, each file once. */
export function secretReader({ env, uid, signal }: ConfigContext): ReadSecret {
  const ours = known.get(env) ?? { read: new Map(), together: new Together(MOST) };
  known.set(env, ours);
  const { read, together } = ours;
  const readNew = async (path: string) => {
    const secret = await readSecret(path, { env, uid }, signal);
    together.add(path, secret.length);
    return secret;
  };
  return (path) => {
    const reading = read.get(path) ?? readNew(path);
    read.set(path, reading);
    reading.catch(() => read.delete(path));
    return reading;
  };
}

/** Returns the password of a file that was read, or throws why it could not be. */
export type PasswordIn = (path: string) => string;

/** Reads every password file that phones of a file may use, so that what completes their settings need not wait. */
export async function passwordsOf(
  files: readonly WrittenFile[],
  profile: string | undefined,
  read: ReadSecret,
): Promise<PasswordIn> {
  const passwords = new Map<string, string | Error>();
  for (const { folder, settings } of files) {
    for (const { passwordFile } of phoneEntries(settings, profile)) {
      if (passwordFile === undefined) continue;
      const file = pathIn(folder, passwordFile);
      passwords.set(file, await read(file).catch((error: Error) => error));
    }
  }
  return (path) => {
    const password = passwords.get(path);
    if (typeof password === 'string') return password;
    throw password ?? new Error(`${path} was not read`);
  };
}
