import { createHash } from 'node:crypto';
import { attempt } from '../files/attempt.ts';
import { pathIn } from '../files/links.ts';
import { readPlainFile } from '../files/plain.ts';
import { unusable } from '../files/reason.ts';

/** What a file was when it was trusted: whoever changes any of it could have a password sent elsewhere. */
export interface Trusted {
  /** The hash of its text. */
  readonly hash: string;
  /** The hashes of the PEM files that it names, by path. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** What a file is now. Everything is read once: what is compared with what was trusted is what is used. */
export interface AsFound {
  /** The hash of its text. */
  readonly hash: () => string;
  /**
   * The text of a PEM file that it names.
   *
   * @throws {AtcomError} `unreadable-file`
   */
  readonly certificate: (path: string) => string;
}

/**
 * A file as it was found.
 *
 * @param folder - what its paths are relative to
 */
export function asFound(text: string, folder: string): AsFound {
  let hash: string | undefined;
  const texts = new Map<string, string>();
  return {
    hash: () => {
      hash ??= hashOf(text);
      return hash;
    },
    certificate: (path) => {
      const file = pathIn(folder, path);
      const pem = texts.get(file) ?? readPlainFile(file);
      // OpenSSL would silently trust nothing.
      if (!pem.includes('-----BEGIN CERTIFICATE-----'))
        throw unusable(file, 'it contains no PEM certificate');
      texts.set(file, pem);
      return pem;
    },
  };
}

/** What is trusted, if a file is trusted as it was found. */
export function trustedNow(found: AsFound, certificates: Iterable<string>): Trusted {
  return {
    hash: found.hash(),
    certificates: Object.fromEntries(
      [...certificates].map((path) => [path, hashOf(found.certificate(path))]),
    ),
  };
}

/** Whether a file is what it was when it was trusted. The same text names the same PEM files. */
export function isStill({ hash, certificates }: Trusted, found: AsFound): boolean {
  const hashNow = (path: string) => attempt(() => hashOf(found.certificate(path)));
  return (
    hash === found.hash() && Object.entries(certificates).every(([path, then]) => then === hashNow(path))
  );
}

/** The hash of a text. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
