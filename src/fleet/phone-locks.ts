import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, readdir, rm, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtcomError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readPlainFile } from '../files/plain.ts';
import { unwritable } from '../files/reason.ts';
import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import { openLocked } from './lock.ts';

/** How phones are locked during one run. */
export interface LockOptions {
  /** The folder of the locks; all runs of a user share it. */
  readonly folder: string;
  /** The process id, for other runs that find a phone in use. */
  readonly process: number;
  /** How long to wait for another run, in milliseconds; 0 by default. */
  readonly wait?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each phone that is in use, with the process that uses it. */
  readonly onWait?: ((phone: string, owner: string) => void) | undefined;
}

/** The interval between two attempts to take a lock, in milliseconds. */
const LOOK_AGAIN = 250;

/**
 * Locks phones for this run, all of them or none. Always in the same order, so that two runs cannot deadlock.
 *
 * @returns a function that unlocks them
 * @throws {AtcomError} `phone-in-use` while another run uses one, `unwritable-file`; the signal's reason
 */
export async function lockPhones(
  phones: readonly PhoneSettings[],
  { wait = 0, ...options }: LockOptions,
): Promise<() => Promise<void>> {
  const taken: (() => Promise<void>)[] = [];
  const unlock = async () => {
    for (const each of taken.splice(0)) await each();
  };
  const deadline = performance.now() + wait;
  try {
    for (const phone of [...phones].sort((a, b) => (phoneKey(a) < phoneKey(b) ? -1 : 1))) {
      taken.push(await lockPhone(phone, { ...options, deadline }));
    }
    return unlock;
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function lockPhone(
  phone: PhoneSettings,
  { folder, process, deadline, signal, onWait }: Omit<LockOptions, 'wait'> & { readonly deadline: number },
): Promise<() => Promise<void>> {
  const key = phoneKey(phone);
  // Readable, and safe as a file name. The file stays, because taking it again costs less than making it.
  const file = join(folder, `${key.replace(/[^\w.-]/g, '_').slice(0, 60)}-${hashOf(key)}.lock`);
  for (let looks = 0; ; looks += 1) {
    const lock = await attempt(file, process);
    if ('unlock' in lock) return lock.unlock;
    if (performance.now() >= deadline) {
      throw new AtcomError('phone-in-use', { phone: phone.name ?? key, owner: lock.owner });
    }
    if (looks === 0) onWait?.(phone.name ?? key, lock.owner);
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) throw signal.reason;
  }
}

/**
 * Removes the locks in a folder, and the folder. Each is taken before it is removed, so that none is removed from under
 * a run.
 *
 * @throws {AtcomError} `phone-in-use` while a run has one, `unwritable-file`
 */
export async function removeLocks(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.endsWith('.lock'))) {
    const file = join(folder, name);
    let handle: FileHandle | undefined;
    try {
      handle = await openLocked(file, constants.O_RDWR | constants.O_NOFOLLOW);
      if (handle !== undefined) await rm(file);
    } catch (error) {
      throw unwritable(file, error);
    } finally {
      await handle?.close();
    }
    if (handle === undefined) {
      const undone = 'removed except unused locks';
      throw new AtcomError('phone-in-use', { phone: 'a phone', owner: ownerOf(file), undone });
    }
  }
  // It stays if it is not there, or holds something else, such as the locks of a run that has just begun.
  await rmdir(folder).catch(() => undefined);
}

type Attempt = { readonly unlock: () => Promise<void> } | { readonly owner: string };

async function attempt(file: string, process: number): Promise<Attempt> {
  try {
    await makeFolder(dirname(file));
    // No link is followed: as root, in the home of another user, it could lead to any file.
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await openLocked(file, flags);
    if (handle === undefined) return { owner: ownerOf(file) };
    // Only for the messages of other runs; a full disk is no reason not to press a key.
    await handle.writeFile(`process ${process} on ${hostname()}\n`).catch(() => undefined);
    return { unlock: () => handle.close() };
  } catch (error) {
    const hint = 'set XDG_STATE_HOME to a folder that can be written';
    throw unwritable(file, error, hint);
  }
}

function ownerOf(file: string): string {
  try {
    return /^process \d+ on [\w.-]*/.exec(readPlainFile(file))?.[0] ?? UNKNOWN;
  } catch {
    // On Windows, other processes cannot even read it.
    return UNKNOWN;
  }
}

const UNKNOWN = 'another process';

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
