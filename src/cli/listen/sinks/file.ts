import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { checkKept, type Kind } from '../../../files/kept.ts';
import { checkLinks, checkOpened } from '../../../files/planted.ts';
import { reasonOf, unwritable } from '../../../files/reason.ts';
import type { Person } from '../../../files/secret.ts';
import { MOST_UNREAD } from '../../output/output.ts';
import { gather } from './gather.ts';
import type { Complain, Sink } from './sink.ts';

/** Lines are added to no other file: it may be a config or a journal, by mistake. */
const EVENTS: Kind = { name: 'events', start: /^\{"time":"[\dT:.-]+Z","(?:event|phone)":"/ };

/** The delay before writing to a file is retried, in milliseconds. */
const PAUSE = 1000;

/**
 * Appends every event as a line to a file, in the format of stdout, because people follow such a file with `tail -f`.
 * Each write reopens the file, so that a rotated file is left alone and a new one is created. What cannot be written,
 * because the disk is full or unavailable, waits.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function fileSink(path: string, person: Person, complain: Complain): Promise<Sink> {
  const { error: wrong } = await append(path, person, Buffer.from((await isCutShort(path)) ? '\n' : ''));
  if (wrong !== undefined) throw unwritable(path, wrong);
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
      const { written, error } = await append(path, person, bytes);
      bytes = bytes.subarray(written);
      if (error === undefined) {
        if (failed) complain(`${name} again`, `${name}: writing works again`);
        break;
      }
      complain(
        `${name} ${reasonOf(error)}`,
        `${name}: ${reasonOf(error)}; its lines are queued, and writing is retried`,
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
      if (length > MOST_UNREAD) {
        complain(`${name} lost`, `${name}: lost, because too many lines are queued`);
        give(1);
        return;
      }
      const line = `${json}\n`;
      length += line.length;
      take(line);
    },
    // No more events follow, so there is no point in waiting: one last attempt.
    drain: () => {
      end();
      return drain();
    },
    stop: end,
    complaint: () => (lost === 0 ? undefined : `--output: ${lost} lost`),
  };
}

/** Whether a file ends within a line, because whoever wrote it was killed, or the power went out. */
async function isCutShort(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size === 0) return false;
  // What may not be read is not judged.
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, stats.size - 1);
    return buffer[0] !== 0x0a;
  } finally {
    await file.close();
  }
}

/** Never waits: a pipe that nobody reads would keep the whole program waiting, also from its end. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);

/** What was written, in bytes, and why not all of it. */
interface Appended {
  readonly written: number;
  readonly error?: Error;
}

/** Appends everything or, if the file system allows truncation, nothing: half a line is useless. */
async function append(path: string, person: Person, bytes: Buffer): Promise<Appended> {
  let [file, before, written]: [FileHandle | undefined, number, number] = [undefined, 0, 0];
  try {
    checkKept(path, EVENTS);
    const way = checkLinks(path, person);
    file = await open(path, APPEND | way.flag);
    checkOpened(path, way, file.fd, person);
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

/** Truncates what was appended, unless something else was appended after it. */
async function takeBack(file: FileHandle, before: number, written: number): Promise<boolean> {
  try {
    if ((await file.stat()).size !== before + written) return false;
    await file.truncate(before);
    return true;
  } catch {
    return false;
  }
}
