import { AtcomError } from '../errors.ts';
import type { SignalGroup } from './context.ts';
import type { Writable } from './output/output.ts';

/** What ends a run from outside, and how it is told: all of them alike, with calls hung up and reports written. */
export const ENDING_SIGNALS = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'hung-up',
  SIGQUIT: 'quit',
} as const;

/** Sends a signal to a group of processes; where that is empty, nobody is there. */
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

/** What a second signal leaves behind. */
export const LEFT_BEHIND =
  'atcom: ended at once; a request may have left, a call may be up, and reports may be missing\n';

/**
 * A stream that throws nothing at whoever writes to it. A reader that has gone is no error (`atcom keys | head -1`), and
 * ends what runs for that reader only; a disk that is full ends the run, which still cleans up.
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
      // Files are written at once, and what is wrong with them is thrown.
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
    else this.#failed(new AtcomError('unwritable-output', { reason: error.message }));
  }
}
