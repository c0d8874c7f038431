/** Where lines are written: a `FileHandle`, or one that fails in tests. */
export interface Disk {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly settled: () => void;
  readonly failed: (error: Error) => void;
}

/**
 * Appends lines so that each is complete and on disk before its promise settles. Lines that arrive during a write share
 * the next one, so a hundred phones at once cost a few flushes, not a hundred. After a failure nothing more is written,
 * because only the kernel knows what the disk holds then.
 */
export class JournalFile {
  readonly #disk: Disk;
  #position: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  /** @param position - where to write next */
  constructor(disk: Disk, position = 0) {
    this.#disk = disk;
    this.#position = position;
  }

  /** Writes a value as a line of JSON. */
  append(value: unknown): Promise<void> {
    return this.#add(`${JSON.stringify(value)}\n`);
  }

  /** Ends a line that is there without its end. */
  endLine(): Promise<void> {
    return this.#add('\n');
  }

  #add(line: string): Promise<void> {
    return new Promise((settled, failed) => {
      this.#waiting.push({ line, settled, failed });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Closes the file once everything is written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#disk.close();
  }

  async #writeAll(): Promise<void> {
    // Lines of one turn of the event loop share a write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#failure !== undefined) throw this.#failure;
        await this.#write(Buffer.from(batch.map(({ line }) => line).join('')));
        for (const { settled } of batch) settled();
      } catch (error) {
        await this.#fail(error as Error);
        for (const { failed } of batch) failed(error as Error);
      }
    }
    this.#writing = undefined;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    // A disk that is nearly full may write only a part, and report success.
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#disk.write(
        bytes,
        done,
        bytes.length - done,
        this.#position + done,
      );
      if (bytesWritten === 0) throw new Error('the disk takes no more');
      done += bytesWritten;
    }
    await this.#disk.datasync();
    this.#position += bytes.length;
  }

  /** Removes lines whose promise has not settled; their phones are not pressed. */
  async #fail(error: Error): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    // If even this fails, the next run reports those phones as unknown.
    await this.#disk.truncate(this.#position).catch(() => undefined);
  }
}
