import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AtcomError } from '../../../errors.ts';
import { gather, MOST_TEXT } from './gather.ts';
import type { Complain, Sink } from './sink.ts';

/** How long to wait before a file is tried again that could not be written, in milliseconds. */
const PAUSE = 1000;

/**
 * Appends every event as a line to a file, written as on stdout, since people look at such a file with `tail -f`. Each
 * write opens the file anew, so that a rotated file is left alone and a new one begun. What cannot be written, because
 * the disk is full or away, waits until it can.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function fileSink(path: string, complain: Complain): Promise<Sink> {
  const { error: wrong } = await append(path, Buffer.alloc(0));
  if (wrong !== undefined)
    throw new AtcomError('unwritable-file', { file: path, reason: wrong.message }, { cause: wrong });
  let [length, lost] = [0, 0];
  let [ending, wake] = [false, () => {}];
  const name = `--output ${path}`;
  const give = (lines: number) => {
    lost += lines;
  };
  const { take, drain } = gather<string>(async (lines) => {
    const text = lines.join('');
    let bytes = Buffer.from(text);
    for (let failed = false; ; failed = true) {
      const { written, error } = await append(path, bytes);
      bytes = bytes.subarray(written);
      if (error === undefined) {
        if (failed) complain(`${name} again`, `${name}: it can be written again`);
        break;
      }
      complain(
        `${name} ${error.message}`,
        `${name}: ${error.message}; its lines wait, and it is tried again`,
      );
      if (ending) {
        give(bytes.toString().split('\n').length - 1);
        break;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, PAUSE);
      });
    }
    length -= text.length;
  });
  const end = () => {
    ending = true;
    wake();
  };
  return {
    take({ json }) {
      if (length > MOST_TEXT) {
        complain(`${name} lost`, `${name}: lost, because too many lines wait already`);
        give(1);
        return;
      }
      const line = `${json}\n`;
      length += line.length;
      take(line);
    },
    // Nothing more comes, so nobody waits for room either: it is tried once more.
    drain: () => {
      end();
      return drain();
    },
    stop: end,
    complaint: () => (lost === 0 ? undefined : `--output: ${lost} lost`),
  };
}

/** Never waits: a pipe that nobody reads would keep the whole program waiting, also from its end. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);

/** What was written, in bytes, and why not all of it. */
interface Appended {
  readonly written: number;
  readonly error?: Error;
}

/** Appends all of it or, where the file system lets us take back the rest, nothing: half a line is no line. */
async function append(path: string, bytes: Buffer): Promise<Appended> {
  let [file, before, written]: [FileHandle | undefined, number, number] = [undefined, 0, 0];
  try {
    file = await open(path, APPEND);
    before = (await file.stat()).size;
    while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
    return { written };
  } catch (error) {
    const isBack = file !== undefined && (await takeBack(file, before, written));
    return { written: isBack ? 0 : written, error: error as Error };
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** Takes back what was appended, unless somebody else has appended after it. */
async function takeBack(file: FileHandle, before: number, written: number): Promise<boolean> {
  try {
    if ((await file.stat()).size !== before + written) return false;
    await file.truncate(before);
    return true;
  } catch {
    return false;
  }
}
