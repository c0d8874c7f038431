import type { Stats } from 'node:fs';
import { isAtcomError } from '../errors.ts';
import { encodingMistake } from '../protocol/mistakes.ts';
import { closedOnError, LARGEST, openToRead, readToEnd, tooLarge } from './open.ts';
import { unreadable, unusable } from './reason.ts';

/** How a file is read. */
export interface Reading {
  /** Its maximum size in bytes; {@link LARGEST} by default. */
  readonly most?: number | undefined;
  /** Ends the reading, also of a pipe that nobody writes to. */
  readonly signal?: AbortSignal | undefined;
  /** Refuses the file, before anything is read. */
  readonly check?: ((stats: Stats) => void) | undefined;
}

/** What a file holds, and what it is. */
export interface FileContent {
  readonly text: string;
  readonly stats: Stats;
}

/**
 * Reads a text that the user names: a file, a pipe such as `<(pass show phones)`, `/dev/stdin`, or a terminal. However
 * long that takes, the signal ends it; and nothing fills the memory.
 *
 * @throws {AtcomError} `unreadable-file`; the signal's reason
 */
export async function readContent(
  path: string,
  { most = LARGEST, signal, check }: Reading = {},
): Promise<FileContent> {
  const { fd, stats } = openToRead(path, most);
  const stream = await closedOnError(path, fd, () => {
    check?.(stats);
    return streamOf(fd, stats);
  });
  const bytes =
    stream === undefined ? readToEnd(path, fd, most) : await readStream(path, stream, most, signal);
  const text = bytes.toString('utf8');
  const mistake = encodingMistake(text);
  if (mistake !== undefined) throw unusable(path, mistake);
  return { text, stats };
}

/** The text of a file; see {@link readContent}. */
export async function readText(path: string, reading?: Reading): Promise<string> {
  return (await readContent(path, reading)).text;
}

/** What can be read, and given up. */
type Stream = NodeJS.ReadableStream & { destroy?: (reason?: Error) => unknown };

/** A stream of what can keep its reader waiting; undefined for what is read at once. */
async function streamOf(fd: number, stats: Stats): Promise<Stream | undefined> {
  if (stats.isFIFO()) {
    const { Socket } = await import('node:net');
    return new Socket({ fd, readable: true, writable: false });
  }
  if (!stats.isCharacterDevice()) return undefined;
  const { isatty, ReadStream } = await import('node:tty');
  return isatty(fd) ? new ReadStream(fd) : undefined;
}

/**
 * Reads a stream to its end.
 *
 * @param path - its name in messages
 * @throws {AtcomError} `unreadable-file`; the signal's reason
 */
export async function readStream(
  path: string,
  stream: Stream,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const stop = () => stream.destroy?.(signal?.reason);
  signal?.addEventListener('abort', stop);
  if (signal?.aborted === true) stop();
  try {
    for await (const given of stream) {
      const piece = Buffer.from(given);
      size += piece.length;
      if (size > most) throw tooLarge(path, most);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  } catch (error) {
    throw isAtcomError(error) || signal?.aborted === true ? error : unreadable(path, error);
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.destroy?.();
  }
}
