import { StringDecoder } from 'node:string_decoder';

/** So many may wait for the one that is run. */
const MOST_WAITING = 1000;

/**
 * The lines of a stream as they arrive, for more than one loop. `\n` ends a line, as in a file, and nothing else:
 * `readline` takes a lone `\r` for an end, too, so that a pipe would press keys that are a comment in the file.
 */
export class PipedLines implements AsyncIterable<string> {
  readonly #stream: NodeJS.ReadableStream;
  readonly #longest: number;
  readonly #decoder = new StringDecoder('utf8');
  readonly #waiting: string[] = [];
  #begun = '';
  #over = false;
  #wake: () => void = () => undefined;
  /** Why the stream broke. */
  failure: Error | undefined;
  /** Whether a line had no end. */
  endless = false;

  /** @param longest - the most characters of a line */
  constructor(stream: NodeJS.ReadableStream, longest: number, signal: AbortSignal) {
    this.#stream = stream;
    this.#longest = longest;
    stream.on('data', this.#take).on('error', this.#fail).on('end', this.#end);
    signal.addEventListener('abort', this.close);
    if (signal.aborted) this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    return { next: () => this.#next() };
  }

  /** Takes no more. What has arrived is still there. */
  readonly close = (): void => {
    this.#over = true;
    this.#stream.off('data', this.#take).off('end', this.#end).pause();
    this.#wake();
  };

  async #next(): Promise<IteratorResult<string, undefined>> {
    while (this.#waiting.length === 0 && !this.#over) {
      const more = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#stream.resume();
      await more;
    }
    const value = this.#waiting.shift();
    return value === undefined ? { done: true, value } : { value };
  }

  readonly #take = (piece: Buffer | string): void => {
    const text = typeof piece === 'string' ? piece : this.#decoder.write(piece);
    const [first = '', ...others] = text.split('\n');
    this.#begun += first;
    for (const next of others) {
      this.#waiting.push(this.#begun);
      this.#begun = next;
    }
    if (this.#begun.length > this.#longest) {
      this.endless = true;
      this.close();
    }
    if (this.#waiting.length > MOST_WAITING) this.#stream.pause();
    this.#wake();
  };

  readonly #fail = (error: Error): void => {
    this.failure = error;
    this.close();
  };

  readonly #end = (): void => {
    const last = this.#begun + this.#decoder.end();
    if (last !== '') this.#waiting.push(last);
    this.close();
  };
}
