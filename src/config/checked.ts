import { checkPlainFile } from '../files/plain.ts';
import type { ConfigPlaces, FoundFile } from './places.ts';
import { checkOwner, trustedHash } from './trust.ts';
import type { ConfigContext } from './types.ts';

/** A file that was found, and that nobody else can have written unnoticed. */
export interface CheckedFile extends FoundFile {
  /** The hash that its text must have, if others can write it. */
  readonly hash: string | undefined;
  /** Whether the user named or trusts it; a file that merely came with a project is untrusted. */
  readonly trusted: () => boolean;
}

/**
 * Checks whose files were found, before any of them is read.
 *
 * @throws {AtcomError} `unreadable-file`, `untrusted-config`
 */
export function checkFiles(context: ConfigContext, { found }: ConfigPlaces): readonly CheckedFile[] {
  return found.map((file) => {
    if (file.named) return { ...file, hash: undefined, trusted: () => true };
    checkPlainFile(file.path);
    const hash = checkOwner(file.path, context);
    const trusted = () => file.kind !== 'project' || trustedHash(file.path, context) !== undefined;
    return { ...file, hash, trusted };
  });
}
