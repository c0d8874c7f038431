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
import { isAt, openLocked } from './lock.ts';

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

/** The name of a lock: an address, and its hash. */
export const LOCK = /-[\da-f]{8}\.lock$/;

/** Phones that belong to this run. */
export interface PhoneLocks {
  /**
   * Makes sure that they still do, before a key is pressed. A lock that somebody removed is taken again.
   *
   * @throws {AtcomError} `phone-in-use` if another run was faster, and from then on
   */
  check(): Promise<void>;
  /** Gives them back. */
  unlock(): Promise<void>;
}

/**
 * Locks phones for this run, all of them or none. Always in the same order, so that two runs cannot deadlock.
 *
 * @throws {AtcomError} `phone-in-use` while another run uses one, `unwritable-file`; the signal's reason
 */
export async function lockPhones(
  phones: readonly PhoneSettings[],
  { wait = 0, ...options }: LockOptions,
): Promise<PhoneLocks> {
  const taken: PhoneLock[] = [];
  const unlock = async () => {
    for (const each of taken.splice(0)) await each.handle.close();
  };
  let checked = Promise.resolve();
  const checkAll = async () => {
    for (const each of taken) await keep(each, options.process);
  };
  // One after the other: a lock that is just being taken again would look like that of another run.
  const check = () => {
    checked = checked.then(checkAll);
    return checked;
  };
  const deadline = performance.now() + wait;
  try {
    for (const phone of [...phones].sort((a, b) => (phoneKey(a) < phoneKey(b) ? -1 : 1))) {
      taken.push(await lockPhone(phone, { ...options, deadline }));
    }
    return { check, unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The lock of a phone. */
interface PhoneLock {
  /** The phone's name, for messages. */
  readonly phone: string;
  readonly file: string;
  handle: FileHandle;
}

async function lockPhone(
  phone: PhoneSettings,
  { folder, process, deadline, signal, onWait }: Omit<LockOptions, 'wait'> & { readonly deadline: number },
): Promise<PhoneLock> {
  const key = phoneKey(phone);
  const name = phone.name ?? key;
  // Readable, and safe as a file name. The file stays, because taking it again costs less than making it.
  const file = join(folder, `${key.replace(/[^\w.-]/g, '_').slice(0, 60)}-${hashOf(key)}.lock`);
  for (let looks = 0; ; looks += 1) {
    const lock = await attempt(file, process);
    if ('handle' in lock) return { phone: name, file, handle: lock.handle };
    if (performance.now() >= deadline) {
      throw new AtcomError('phone-in-use', { phone: name, owner: lock.owner });
    }
    if (looks === 0) onWait?.(name, lock.owner);
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted === true) throw signal.reason;
  }
}

/** Takes a lock again if it is no longer at its path, because somebody removed the folder: other runs look there. */
async function keep(lock: PhoneLock, process: number): Promise<void> {
  const { phone, file, handle } = lock;
  if (await isAt(file, handle).catch(() => true)) return;
  // Where nothing can be looked at or made, no other run can take it either, and the kernel still holds this one.
  const again = await attempt(file, process).catch(() => ({ handle }));
  if ('owner' in again) {
    throw new AtcomError('phone-in-use', { phone, owner: again.owner, undone: 'sent any more' });
  }
  if (again.handle === handle) return;
  lock.handle = again.handle;
  await handle.close();
}

/**
 * Removes the locks in a folder, and the folder. Each is taken before it is removed, so that none is removed from under
 * a run.
 *
 * @throws {AtcomError} `phone-in-use` while a run has one, `unwritable-file`
 */
export async function removeLocks(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => LOCK.test(each))) {
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

type Attempt = { readonly handle: FileHandle } | { readonly owner: string };

async function attempt(file: string, process: number): Promise<Attempt> {
  try {
    await makeFolder(dirname(file));
    // No link is followed: as root, in the home of another user, it could lead to any file.
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    const handle = await openLocked(file, flags);
    if (handle === undefined) return { owner: ownerOf(file) };
    // Only for the messages of other runs; a full disk is no reason not to press a key.
    await handle.writeFile(`process ${process} on ${hostname()}\n`).catch(() => undefined);
    return { handle };
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
