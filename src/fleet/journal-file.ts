import type { FileHandle } from 'node:fs/promises';

/**
 * Appends lines so that each is on disk before its promise settles. Lines that come while a write is under way share
 * the next one: a hundred phones at once cost a few flushes, not a hundred.
 */
export class JournalFile {
  readonly #handle: FileHandle;
  #position: number;
  #waiting: { line: string; settled: () => void; failed: (error: Error) => void }[] = [];
  #writing: Promise<void> | undefined;

  /** @param position - where to write next */
  constructor(handle: FileHandle, position = 0) {
    this.#handle = handle;
    this.#position = position;
  }

  /** Writes a value as a line of JSON. */
  append(value: unknown): Promise<void> {
    return new Promise((settled, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(value)}\n`, settled, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Closes the file after what was appended. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    // What comes in one turn of the loop is one write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
        await this.#handle.write(bytes, 0, bytes.length, this.#position);
        this.#position += bytes.length;
        await this.#handle.datasync();
        for (const { settled } of batch) settled();
      } catch (error) {
        for (const { failed } of batch) failed(error as Error);
      }
    }
    this.#writing = undefined;
  }
}
