import { fstatSync, statSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { AtcomError } from '../../errors.ts';
import { reasonOf } from '../../files/reason.ts';
import type { Writable } from '../output/output.ts';

/**
 * Whether a handle is a file or the null device, and so no terminal. Node's streams and node:tty, which would tell, load
 * all of its network code; that is not worth it for a job whose output goes there.
 */
export function isPlain(handle: number): boolean {
  try {
    const stats = fstatSync(handle);
    return stats.isFile() || (stats.rdev !== 0 && stats.rdev === statSync(devNull).rdev);
  } catch {
    // It is closed, or this is Windows, which has no such file.
    return false;
  }
}

/** Output to a plain handle, which never waits. */
export class PlainOutput implements Writable {
  readonly #handle: number;
  readonly #failed: (error: AtcomError) => void;

  constructor(handle: number, failed: (error: AtcomError) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  write(text: string): boolean {
    try {
      writeFileSync(this.#handle, text);
    } catch (error) {
      this.#failed(new AtcomError('unwritable-output', { reason: reasonOf(error) }));
    }
    return true;
  }

  async flush(): Promise<void> {}
}
