import { statSync } from 'node:fs';
import { type CheckedFile, checkFiles } from './checked.ts';
import { findConfig, variable } from './places.ts';
import { trustedAs } from './trust.ts';
import type { ConfigContext } from './types.ts';

/** A file that changes twice within this time, in milliseconds, may look the same afterwards, as Git knows it, too. */
const RACY = 2000;

/**
 * A text that differs once the config would be read from other files, or from files that were changed, replaced or are
 * trusted no longer. Undefined where nothing can say so: for a pipe, a file that others can write, and one that was
 * changed just now; and where there is no file.
 *
 * @throws {AtcomError} what `loadConfig` throws before it reads a file
 */
export function configStamp(context: ConfigContext): string | undefined {
  const files = checkFiles(context, findConfig(context)).map((file) => identityOf(file, context));
  if (files.length === 0 || files.includes(undefined)) return undefined;
  return JSON.stringify([context.profile ?? variable(context.env, 'ATCOM_PROFILE') ?? null, files]);
}

function identityOf(
  { path, kind, named, trusted, needsTrust }: CheckedFile,
  context: ConfigContext,
): readonly unknown[] | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (trusted !== undefined || stats?.isFile() !== true) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  const trust = needsTrust ? trustedAs(path, context) : undefined;
  // The time of the change, too: anybody can set that of the content back.
  if (Date.now() - Number(ctimeNs / 1_000_000n) < RACY) return undefined;
  return [path, kind, named, trust, ...[dev, ino, size, mtimeNs, ctimeNs].map(String)];
}
