import { constants } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { platform } from 'node:os';
import { AtcomError } from '../errors.ts';
import { identityOf } from '../files/identity.ts';

/**
 * The flag that locks a file on opening, on systems that have one: `O_EXLOCK` of macOS and the BSDs, and libuv's on
 * Windows. Node does not name these flags, but passes them through.
 */
const LOCKING: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  darwin: 0x20 | constants.O_NONBLOCK,
  freebsd: 0x20 | constants.O_NONBLOCK,
  openbsd: 0x20 | constants.O_NONBLOCK,
  win32: 0x1000_0000,
};

/** The error codes for opening a locked file. */
const HELD: readonly (string | undefined)[] = ['EAGAIN', 'EWOULDBLOCK', 'EBUSY'];

/** The system's folders for programs. The user's own PATH is not searched. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

/** How often a file may be replaced while it is being locked. */
const TRIES = 10;

/**
 * Opens a file and locks it until it is closed or the process has ended, however it ended. The kernel holds the lock on
 * the file itself, so other names of the file, reused process ids and containers make no difference.
 *
 * @param flags - such as `O_RDWR | O_CREAT`
 * @returns undefined while another process holds the lock
 * @throws {AtcomError} `unwritable-file` where the program is missing that locks files, before one is made
 * @throws errors of the file system, also if it does not support locks
 */
export async function openLocked(path: string, flags: number): Promise<FileHandle | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const handle = await openAndLock(path, flags);
    if (handle === undefined || (await isAt(path, handle))) return handle;
    // Removed or replaced before it was locked: nobody else would meet this lock.
    await handle.close();
  }
  throw new Error('it is replaced again and again');
}

/** Whether a path still leads to the file that was opened. */
export async function isAt(path: string, handle: FileHandle): Promise<boolean> {
  const { dev, ino } = await handle.stat({ bigint: true });
  return identityOf(path) === `${dev}:${ino}`;
}

async function openAndLock(path: string, flags: number): Promise<FileHandle | undefined> {
  const locking = LOCKING[platform()];
  const program = locking === undefined ? await flockFor(path) : '';
  let handle: FileHandle;
  try {
    handle = await open(path, flags | (locking ?? 0), 0o600);
  } catch (error) {
    if (locking !== undefined && HELD.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
  let locked = locking !== undefined;
  try {
    locked ||= await lock(program, handle.fd);
  } finally {
    if (!locked) await handle.close();
  }
  return locked ? handle : undefined;
}

/**
 * Linux has no such flag, and Node has no flock(2). The program `flock` locks a descriptor that it inherits, as scripts
 * do with `flock -n 9`. The lock belongs to the open file, not to that program, and outlives it.
 */
async function lock(program: string, fd: number, isFirst = true): Promise<boolean> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const flock = spawn(program, ['-n', '3'], {
      stdio: ['ignore', 'ignore', 'pipe', fd],
      env: {},
      // Ctrl-C in a terminal is for this process alone.
      detached: true,
    });
    let complaint = '';
    flock.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    flock.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new Error(`the program ${program} cannot be run: ${cause.code}`, { cause }));
    });
    flock.once('close', (code, signal) => {
      if (code === 0) resolve(true);
      else if (code === 1 && complaint === '') resolve(false);
      // What ends a whole service ends this program, too, before this process has heard of it.
      else if (signal !== null && isFirst) resolve(lock(program, fd, false));
      else
        reject(new Error(`it cannot be locked: ${complaint.trim() || `flock ended with ${signal ?? code}`}`));
    });
  });
}

/** The path of that program, to lock a file. */
async function flockFor(file: string): Promise<string> {
  for (const folder of FOLDERS) {
    const program = `${folder}/flock`;
    const isThere = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return program;
  }
  const reason = 'the program flock, which locks it, is not installed';
  throw new AtcomError('unwritable-file', { file, reason, hint: 'install the package util-linux' });
}
