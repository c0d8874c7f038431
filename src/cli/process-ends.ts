import { AtcomError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import type { SignalGroup } from './context.ts';
import type { Writable } from './output/output.ts';

/** The signals that end a run. They are all handled alike: calls are hung up and reports written. */
export const ENDING_SIGNALS = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'hung-up',
  SIGQUIT: 'quit',
} as const;

/** Sends a signal to a process group; returns false if it no longer exists. */
export function signalGroup(kill: (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0) => void): SignalGroup {
  return (pid, signal) => {
    try {
      kill(-pid, signal);
      return true;
    } catch {
      return false;
    }
  };
}

/** What a second signal leaves unfinished. */
export const LEFT_BEHIND =
  'atcom: ended at once; a request may have left, a call may be up, and reports may be missing\n';

/**
 * A stream that never throws at its writers. A closed pipe is not an error (`atcom keys | head -1`), and ends only what
 * runs for its reader; a full disk ends the run, which still cleans up.
 */
export class CarefulOutput implements Writable {
  readonly #stream: NodeJS.WriteStream;
  readonly #failed: (error: AtcomError) => void;
  readonly #gone = new AbortController();

  constructor(stream: NodeJS.WriteStream, failed: (error: AtcomError) => void) {
    this.#stream = stream;
    this.#failed = failed;
    stream.on('error', (error) => this.#tell(error));
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.#stream.columns;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get writableLength(): number {
    return this.#stream.writableLength;
  }

  write(text: string): boolean {
    try {
      return this.#stream.write(text);
    } catch (error) {
      // Files are written synchronously, and errors are thrown.
      this.#tell(error as Error);
      return true;
    }
  }

  /** Settles when everything was written, or cannot be. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#stream.writableLength === 0) setImmediate(resolve);
      else this.#stream.write('', () => resolve());
    });
  }

  #tell(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') this.#gone.abort();
    else this.#failed(new AtcomError('unwritable-output', { reason: reasonOf(error) }));
  }
}
