import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtcomError } from '../errors.ts';
import { hostText } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { takeLock } from './lock.ts';
import { makeFolder } from './make-folder.ts';

/** How phones are kept to one run. */
export interface LockOptions {
  /** Where the locks lie; the same for all runs of a user. */
  readonly folder: string;
  /** Milliseconds to wait for another run; 0 by default. */
  readonly wait?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each phone that has to be waited for, with the process that has it. */
  readonly onWait?: ((phone: string, owner: string) => void) | undefined;
}

/** Between two looks at a lock that another run has, in milliseconds. */
const LOOK_AGAIN = 250;

/** What tells phones apart, as far as locks go: one web server is one phone. */
export function lockKey(phone: PhoneSettings): string {
  return hostText(endpointOf(phone)).toLowerCase();
}

/**
 * Keeps phones to this run, all of them or none. Always in the same order, so that two runs never wait for each other.
 *
 * @returns gives them back
 * @throws {AtcomError} `phone-in-use` while another run has one, `unwritable-file`; the signal's reason
 */
export async function lockPhones(
  phones: readonly PhoneSettings[],
  { folder, wait = 0, signal, onWait }: LockOptions,
): Promise<() => Promise<void>> {
  const taken: (() => Promise<void>)[] = [];
  const unlock = async () => {
    for (const each of taken.splice(0)) await each();
  };
  const deadline = performance.now() + wait;
  try {
    for (const phone of [...phones].sort((a, b) => (lockKey(a) < lockKey(b) ? -1 : 1))) {
      taken.push(await lockPhone(phone, { folder, deadline, signal, onWait }));
    }
    return unlock;
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lockPhone(
  phone: PhoneSettings,
  {
    folder,
    deadline,
    signal,
    onWait,
  }: Pick<LockOptions, 'folder' | 'signal' | 'onWait'> & { readonly deadline: number },
): Promise<() => Promise<void>> {
  const key = lockKey(phone);
  // Readable, and as a file name neither too long nor anything else than a name.
  const file = join(folder, `${key.replace(/[^\w.-]/g, '_').slice(0, 60)}-${hashOf(key)}.lock`);
  for (let looks = 0; ; looks += 1) {
    const lock = await attempt(file, folder);
    if ('unlock' in lock) return lock.unlock;
    if (performance.now() >= deadline) {
      throw new AtcomError('phone-in-use', { phone: phone.name ?? key, owner: lock.owner, file });
    }
    if (looks === 0) onWait?.(phone.name ?? key, lock.owner);
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) throw signal.reason;
  }
}

async function attempt(file: string, folder: string) {
  try {
    await makeFolder(folder);
    return await takeLock(file);
  } catch (error) {
    throw new AtcomError('unwritable-file', { file, reason: (error as Error).message }, { cause: error });
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
