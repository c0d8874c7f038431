import { onAbort } from '../../abort.ts';
import { AtcomError } from '../../errors.ts';
import { reasonOf } from '../../files/reason.ts';
import { isBehind, type Writable } from '../output/output.ts';

/**
 * A stream that never throws at its writers, and takes nothing more while too much is unread. A closed pipe is not an error
 * (`atcom keys | head -1`), and ends only what runs for its reader; a full disk ends the run, which still cleans up.
 */
export class CarefulOutput implements Writable {
  readonly #open: () => NodeJS.WriteStream;
  readonly #failed: (error: AtcomError) => void;
  readonly #gone = new AbortController();
  #opened: NodeJS.WriteStream | undefined;

  /** @param open - gives the stream; not before it is used, because that takes longer than most commands */
  constructor(open: () => NodeJS.WriteStream, failed: (error: AtcomError) => void) {
    this.#open = open;
    this.#failed = failed;
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
    return this.#opened?.writableLength ?? 0;
  }

  write(text: string): boolean {
    if (isBehind(this)) {
      this.#failed(unwritable('its reader has stopped reading'));
      return true;
    }
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
      if (this.writableLength === 0) setImmediate(resolve);
      else this.#stream.write('', () => resolve());
    });
  }

  get #stream(): NodeJS.WriteStream {
    this.#opened ??= this.#open().on('error', (error) => this.#tell(error));
    return this.#opened;
  }

  #tell(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE') this.#gone.abort();
    else this.#failed(unwritable(reasonOf(error)));
  }
}

function unwritable(reason: string): AtcomError {
  return new AtcomError('unwritable-output', { reason });
}

/** How long an ended run waits for the readers of its output, in milliseconds. */
const PATIENCE = 1000;

/** Whether all that was written has been read; a signal ends the waiting. */
export async function areRead(outputs: readonly Flushable[], signal: AbortSignal): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let forget = () => {};
  const late = new Promise<false>((resolve) => {
    const hurry = () => {
      timer = setTimeout(() => resolve(false), PATIENCE);
    };
    forget = onAbort(signal, hurry);
    if (signal.aborted) hurry();
  });
  const all = Promise.all(outputs.map((output) => output.flush())).then(() => true);
  const read = await Promise.race([all, late]);
  forget();
  clearTimeout(timer);
  return read;
}

interface Flushable {
  flush(): Promise<void>;
}
