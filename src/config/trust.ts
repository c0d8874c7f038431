import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AtcomError } from '../errors.ts';
import { attempt } from '../files/attempt.ts';
import { readPlainFile } from '../files/plain.ts';
import { unusable } from '../files/reason.ts';
import { friendsOf, type Person } from '../files/secret.ts';
import { quoteShellWord } from '../shell.ts';
import { isThere } from './files.ts';
import { stateFolder } from './state-folder.ts';

/** Hashes of the files that the user trusts, by real path. */
type Trusted = Readonly<Record<string, string>>;

/**
 * How someone other than this user and root could have written a file; undefined if nobody could. Git asks the same
 * of a repository (`safe.directory`), and OpenSSH of its files.
 */
export function strangerIn(file: string, person: Person): string | undefined {
  // Windows has no file modes.
  if (person.uid === undefined) return undefined;
  const friends = friendsOf(person);
  const real = realpathSync(file);
  const links = linksFrom(file);
  // Words for the path, as the subject or object of a sentence about the file.
  const words = new Map([
    ...[real, ...links].map(
      (path) => [dirname(path), `the folder of the file it links to (${dirname(path)})`] as const,
    ),
    ...links.map((path) => [path, `the link it leads to (${path})`] as const),
    [dirname(file), `its folder ${dirname(file)}`],
    [real, `the file it links to (${real})`],
    [file, 'it'],
  ]);
  const owner = (path: string, found: number) =>
    friends.includes(found) ? undefined : `${words.get(path)} belongs to another user (${found})`;
  const written = (path: string) => {
    const { uid: found, gid, mode } = statSync(path);
    if ((mode & 0o002) !== 0) return `others can write ${words.get(path)}`;
    // A user's private group, as useradd makes it, and root's group contain nobody else.
    const own = friends.includes(gid);
    const group = (mode & 0o020) !== 0 && !own ? `its group can write ${words.get(path)}` : undefined;
    return owner(path, found) ?? group;
  };
  return (
    links.map((link) => owner(link, lstatSync(link).uid)).find(Boolean) ??
    [real, ...[...links, real].map(dirname)].map(written).find(Boolean)
  );
}

/**
 * The file, and the links that it leads to, each of which decides what is read. A link is relative to the folder it is
 * really in, as the system follows it.
 */
function linksFrom(file: string): readonly string[] {
  const links = [file];
  for (let link = file; lstatSync(link).isSymbolicLink(); links.push(link))
    link = resolve(realpathSync(dirname(link)), readlinkSync(link));
  return links;
}

/**
 * The hash that a file had when it was trusted; undefined if it was not, or is a link that leads nowhere.
 *
 * @throws {AtcomError} `unreadable-file` for a list of trusted files that others can write
 */
export function trustedHash(file: string, person: Person): string | undefined {
  const real = attempt(() => realpathSync(file));
  return real === undefined ? undefined : readTrusted(person)[real];
}

/**
 * Makes sure that nobody else can have written a config that was found by search, because it decides which phones are meant.
 * For a trusted file that others can write, returns the hash that it must still have.
 *
 * @throws {AtcomError} `untrusted-config`
 */
export function checkOwner(file: string, person: Person): string | undefined {
  const reason = strangerIn(file, person);
  if (reason === undefined) return undefined;
  const hash = trustedHash(file, person);
  if (hash === undefined) throw untrusted(file, reason);
  return hash;
}

/** Whether the user trusts a file: not at all, as it is, or as it was before it changed. */
export type Trust = 'none' | 'given' | 'outdated';

/**
 * Whether the user trusts what was read from a file: whoever changes it could name other addresses.
 *
 * @param hash - that of the text that was read
 * @throws {AtcomError} `unreadable-file` for a list of trusted files that others can write
 */
export function trustIn(file: string, hash: () => string, person: Person): Trust {
  const trusted = trustedHash(file, person);
  if (trusted === undefined) return 'none';
  return trusted === hash() ? 'given' : 'outdated';
}

/** The error for a file that is not trusted as it is, with the command that trusts it. */
export function untrusted(
  file: string,
  reason: string,
  trust: Exclude<Trust, 'given'> = 'none',
): AtcomError<'untrusted-config'> {
  return new AtcomError('untrusted-config', {
    file,
    reason: trust === 'outdated' ? `it has changed since it was trusted, and ${reason}` : reason,
    trust: trustCommand(file),
  });
}

/** The command that trusts a file as it is. */
export function trustCommand(file: string): string {
  return `atcom config trust ${quoteShellWord(file)}`;
}

/** The hash of a text. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The list of trusted files, and its text with a file added or taken out. */
export interface TrustChange {
  readonly store: string;
  readonly text: string;
}

/**
 * The new content of the list that trusts a file as it is now, or no longer.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function changeTrust(file: string, trusted: boolean, person: Person): TrustChange {
  const text = trusted ? readPlainFile(file) : '';
  const real = existsSync(file) ? realpathSync(file) : file;
  const { [real]: _, ...others } = readTrusted(person);
  const files = trusted ? { ...others, [real]: hashOf(text) } : others;
  return { store: storeOf(person), text: `${JSON.stringify({ files }, null, 2)}\n` };
}

function storeOf(person: Person): string {
  return join(stateFolder(person), 'trusted.json');
}

function readTrusted(person: Person): Trusted {
  const store = storeOf(person);
  if (!isThere(store)) return {};
  const stranger = strangerIn(store, person);
  if (stranger !== undefined) throw unusable(store, `it lists the trusted configs, and ${stranger}`);
  try {
    const { files }: { files: unknown } = JSON.parse(readPlainFile(store));
    return Object.fromEntries(
      Object.entries(Object(files)).filter(([, hash]) => typeof hash === 'string'),
    ) as Trusted;
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw unusable(store, 'it is not JSON; delete it and trust the files again');
    throw cause;
  }
}
