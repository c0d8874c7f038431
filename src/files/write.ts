import { closeSync, constants, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkLinks, checkOpened, checkPlanted } from './planted.ts';
import { unwritable } from './reason.ts';
import type { Person } from './secret.ts';

/** How a file is written. */
export interface Writing {
  /** Adds to the file instead of replacing its text. */
  readonly append?: boolean;
  /** The user, to whom others must not have given this file. */
  readonly person: Person;
  /** Ends the waiting for a reader of a pipe. */
  readonly signal: AbortSignal;
}

/** The interval between two attempts to open a pipe that nobody reads yet, in milliseconds. */
const LOOK_AGAIN = 100;

/** Opening never waits: not even Ctrl-C would end that. */
const WRITE =
  constants.O_WRONLY | constants.O_CREAT | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Writes a whole text to what the user names: a file, a pipe such as `>(gzip)`, or `/dev/stdout`. A pipe that nobody
 * reads yet is waited for, until the signal. A disk that is full leaves no half text.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function writeText(
  path: string,
  text: string,
  { append = false, person, signal }: Writing,
): Promise<void> {
  try {
    const way = checkLinks(path, person);
    const flags = WRITE | way.flag | (append ? constants.O_APPEND : 0);
    const fd = await openToWrite(path, flags, { person, signal });
    closedOnError(fd, () => checkOpened(path, way, fd, person));
    const stream = await streamOf(fd);
    if (stream !== undefined) return await writeStream(stream, text, signal);
    closedOnError(fd, () => writeWhole(fd, Buffer.from(text), append));
    closeSync(fd);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Writes everything, or nothing; what another program adds meanwhile stays. */
function writeWhole(fd: number, bytes: Buffer, append: boolean): void {
  const stats = fstatSync(fd);
  if (stats.isFile() && !append) ftruncateSync(fd);
  const before = append ? stats.size : 0;
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch (error) {
    if (stats.isFile() && fstatSync(fd).size === before + done) ftruncateSync(fd, before);
    throw error;
  }
}

async function openToWrite(
  path: string,
  flags: number,
  { person, signal }: Pick<Writing, 'person' | 'signal'>,
): Promise<number> {
  for (;;) {
    try {
      return openSync(path, flags, 0o666);
    } catch (error) {
      const stats = (error as NodeJS.ErrnoException).code === 'ENXIO' ? statSync(path) : undefined;
      if (stats?.isFIFO() !== true) throw error;
      // Nobody would ever read what another user put there.
      checkPlanted(path, stats, person);
      if (signal.aborted) throw new Error('it has no reader', { cause: error });
    }
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
  }
}

/** A stream into what can keep its writer waiting; undefined for what takes everything at once. */
async function streamOf(fd: number): Promise<Writable | undefined> {
  const stats = closedOnError(fd, () => fstatSync(fd));
  if (stats.isFIFO()) {
    const { Socket } = await import('node:net');
    return new Socket({ fd, readable: false, writable: true });
  }
  if (!stats.isCharacterDevice()) return undefined;
  const { isatty, WriteStream } = await import('node:tty');
  return isatty(fd) ? new WriteStream(fd) : undefined;
}

async function writeStream(pipe: Writable, text: string, signal: AbortSignal): Promise<void> {
  const stop = () => pipe.destroy(new Error('it was interrupted'));
  // A run that was interrupted still writes its reports; only a reader that takes nothing must not keep it.
  const late = signal.aborted ? setTimeout(stop, PATIENCE) : undefined;
  signal.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      pipe.once('error', reject);
      pipe.end(text, () => resolve());
    });
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
    pipe.destroy();
  }
}

/** How long the reader of a pipe may take after an interrupt, in milliseconds. */
const PATIENCE = 1000;

function closedOnError<T>(fd: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}
