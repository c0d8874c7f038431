import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { platform } from 'node:os';

/**
 * What makes opening a file lock it, where the system can do that: `O_EXLOCK` of macOS and the BSDs, and libuv's of
 * Windows. Node has no names for them, and passes them on.
 */
const LOCKING: Readonly<Partial<Record<NodeJS.Platform, number>>> = {
  darwin: 0x20 | constants.O_NONBLOCK,
  freebsd: 0x20 | constants.O_NONBLOCK,
  openbsd: 0x20 | constants.O_NONBLOCK,
  win32: 0x1000_0000,
};

/** What opening a locked file fails with. */
const HELD: readonly (string | undefined)[] = ['EAGAIN', 'EWOULDBLOCK', 'EBUSY'];

/** Where systems keep their programs; the folders of the user's own PATH are nobody's business here. */
const PATH = '/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin';

/**
 * Opens a file and keeps it to this opening of it, until it is closed or the process is gone, however it ended. The
 * kernel keeps the lock, on the file itself: neither other names of it nor a process number used again, and no other
 * container, can get around it.
 *
 * @param flags - such as `O_RDWR | O_CREAT`
 * @returns undefined while somebody else has it
 * @throws errors of the file system; also where it knows no locks
 */
export async function openLocked(path: string, flags: number): Promise<FileHandle | undefined> {
  const locking = LOCKING[platform()];
  let handle: FileHandle;
  try {
    handle = await open(path, flags | (locking ?? 0), 0o600);
  } catch (error) {
    if (locking !== undefined && HELD.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
  let locked = locking !== undefined;
  try {
    locked ||= await lock(handle.fd);
  } finally {
    if (!locked) await handle.close();
  }
  return locked ? handle : undefined;
}

/**
 * Linux has no such flag, and Node has no flock(2): its program locks what it inherits, as scripts do with
 * `flock -n 9`. The lock belongs to the opened file, not to the program that asked for it, and outlives that.
 */
async function lock(fd: number): Promise<boolean> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const flock = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'pipe', fd], env: { PATH } });
    let complaint = '';
    flock.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    flock.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = `the program flock, of the package util-linux, cannot be run: ${cause.code}`;
      reject(new Error(reason, { cause }));
    });
    flock.once('close', (code, signal) => {
      if (code === 0) resolve(true);
      else if (code === 1 && complaint === '') resolve(false);
      else
        reject(new Error(`it cannot be locked: ${complaint.trim() || `flock ended with ${signal ?? code}`}`));
    });
  });
}
