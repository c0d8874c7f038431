import { getSystemErrorMap } from 'node:util';
import { AtcomError, isAtcomError } from '../errors.ts';

/** The errors of the file system that people meet, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENXIO: 'it is a socket, or a device that is not there',
  EAGAIN: 'it has nothing to read now',
  EPIPE: 'it has no reader any more',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EFBIG: 'it would be larger than the system allows',
  EROFS: 'its file system is read-only',
  EIO: 'its disk or device fails',
  EMFILE: 'this process has too many open files',
  ENFILE: 'this computer has too many open files',
  ENAMETOOLONG: 'its name is too long',
  ETXTBSY: 'it is a program that runs',
};

/** What is missing where a file would be made. */
const NOT_THERE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'a part of its path is not a folder',
};

/** What a full disk says, and what helps. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const MAKE_ROOM = 'make room, or name a file on another disk';

/** Why a file cannot be used, in words: errors of the file system name a code and a system call. */
export function reasonOf(error: unknown): string {
  if (isAtcomError(error) && error.code === 'unwritable-file') return error.details.reason;
  const { code, errno, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof errno !== 'number') return message;
  return REASONS[code] ?? getSystemErrorMap().get(errno)?.[1] ?? code;
}

/** The error for a file that cannot be used. */
export function unusable(file: string, reason: string, hint?: string): AtcomError<'unreadable-file'> {
  return new AtcomError('unreadable-file', { file, reason, ...(hint === undefined ? {} : { hint }) });
}

/** The error for a file that could not be read; `cause` is the error of the file system. */
export function unreadable(file: string, cause: unknown): AtcomError<'unreadable-file'> {
  return new AtcomError('unreadable-file', { file, reason: reasonOf(cause) }, { cause });
}

/** The error for a file that could not be written; `cause` is the error of the file system, or one that says it all. */
export function unwritable(
  file: string,
  cause: unknown,
  hint = FULL.includes((cause as NodeJS.ErrnoException).code ?? '') ? MAKE_ROOM : undefined,
): AtcomError<'unwritable-file'> {
  if (isAtcomError(cause) && cause.code === 'unwritable-file') return cause;
  const reason = NOT_THERE[(cause as NodeJS.ErrnoException).code ?? ''] ?? reasonOf(cause);
  const details = { file, reason, ...(hint === undefined ? {} : { hint }) };
  return new AtcomError('unwritable-file', details, { cause });
}
