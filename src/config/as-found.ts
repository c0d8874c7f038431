import { createHash } from 'node:crypto';
import { attempt } from '../files/attempt.ts';
import { pathIn } from '../files/links.ts';
import { namedFiles, Together } from '../files/named.ts';
import { LARGEST } from '../files/open.ts';
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
  /** The hash of that text. */
  readonly certificateHash: (path: string) => string;
}

/** The maximum of all PEM files that a file names, in MiB: a system's own authorities have a quarter of one. */
const MOST_PEM = 16;

/**
 * A file as it was found.
 *
 * @param folder - what its paths are relative to
 * @param check - refuses a PEM file
 */
export function asFound(
  text: string,
  folder: string,
  check: (pem: string) => void = () => undefined,
): AsFound {
  let hash: string | undefined;
  const read = namedFiles(LARGEST, new Together(MOST_PEM), (bytes, file) => {
    check(file);
    const pem = bytes.toString('utf8');
    // OpenSSL would silently trust nothing.
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw unusable(file, 'it contains no PEM certificate');
    return { pem, hash: hashOf(pem) };
  });
  return {
    hash: () => {
      hash ??= hashOf(text);
      return hash;
    },
    certificate: (path) => read(pathIn(folder, path)).pem,
    certificateHash: (path) => read(pathIn(folder, path)).hash,
  };
}

/** What is trusted, if a file is trusted as it was found. */
export function trustedNow(found: AsFound, certificates: Iterable<string>): Trusted {
  return {
    hash: found.hash(),
    certificates: Object.fromEntries([...certificates].map((path) => [path, found.certificateHash(path)])),
  };
}

/** Whether a file is what it was when it was trusted. The same text names the same PEM files. */
export function isStill({ hash, certificates }: Trusted, found: AsFound): boolean {
  const hashNow = (path: string) => attempt(() => found.certificateHash(path));
  return (
    hash === found.hash() && Object.entries(certificates).every(([path, then]) => then === hashNow(path))
  );
}

/** The hash of a text. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
