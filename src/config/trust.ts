import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AtcomError } from '../errors.ts';
import { attempt } from '../files/attempt.ts';
import { linksTo, placeOf, realPath } from '../files/links.ts';
import { readPlainFile } from '../files/plain.ts';
import { projectOfBoth } from '../files/project.ts';
import { unusable } from '../files/reason.ts';
import { friendsOf, type Person } from '../files/secret.ts';
import { writersOf } from '../files/writers.ts';
import { quoteShellWord } from '../shell.ts';
import { type AsFound, isStill, type Trusted } from './as-found.ts';
import { isThere } from './files.ts';
import { stateFolder, stateIfAny } from './state-folder.ts';

/**
 * How someone other than this user and root could have written a file; undefined if nobody could. Git asks the same
 * of a repository (`safe.directory`), and OpenSSH of its files.
 */
export function strangerIn(file: string, person: Person): string | undefined {
  // Windows has no file modes.
  if (person.uid === undefined) return undefined;
  const friends = friendsOf(person);
  const real = realPath(file);
  const links = [file, ...linksTo(file)];
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
    const found = statSync(path);
    const writers = writersOf(found, friends);
    if (writers === 'others') return `others can write ${words.get(path)}`;
    return owner(path, found.uid) ?? (writers && `${writers} can write ${words.get(path)}`);
  };
  return (
    links.map((link) => owner(link, lstatSync(link).uid)).find(Boolean) ??
    [real, ...[...links, real].map(dirname)].map(written).find(Boolean)
  );
}

/**
 * What a file was when it was trusted; undefined if it was not, or is a link that leads nowhere.
 *
 * @throws {AtcomError} `unreadable-file` for a list of trusted files that others can write
 */
export function trustedAs(file: string, person: Person): Trusted | undefined {
  const real = attempt(() => realPath(file));
  const state = stateIfAny(person);
  if (real === undefined || state === undefined) return undefined;
  const store = storeIn(state);
  return projectOfBoth(real, placeOf(store)) === undefined ? readTrusted(store, person)[real] : undefined;
}

/**
 * Makes sure that nobody else can have written a config that was found by search, because it decides which phones are meant.
 * For a trusted file that others can write, returns what it must still be.
 *
 * @throws {AtcomError} `untrusted-config`
 */
export function checkOwner(file: string, person: Person): Trusted | undefined {
  const reason = strangerIn(file, person);
  if (reason === undefined) return undefined;
  const trusted = trustedAs(file, person);
  if (trusted === undefined) throw untrusted(file, reason);
  return trusted;
}

/**
 * The same for the file that was opened: whoever can rename its folder may have put another file there since.
 *
 * @throws {AtcomError} `untrusted-config`
 */
export function checkOwnerOf(file: string, stats: Stats, person: Person): void {
  if (person.uid === undefined) return;
  const friends = friendsOf(person);
  if (!friends.includes(stats.uid)) throw untrusted(file, `it belongs to another user (${stats.uid})`);
  const writers = writersOf(stats, friends);
  if (writers !== undefined) throw untrusted(file, `${writers} can write it`);
}

/**
 * Makes sure of the same of a PEM file: it decides whose certificate is believed, and so who gets a password.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkPem(file: string, person: Person): void {
  const reason = strangerIn(file, person);
  if (reason !== undefined)
    throw unusable(
      file,
      `it decides who gets a password, and ${reason}`,
      'name a copy of your own that nobody else can write',
    );
}

/** Whether the user trusts a file: not at all, as it is, or as it was before it changed. */
export type Trust = 'none' | 'given' | 'outdated';

/**
 * Whether the user trusts a file as it was found.
 *
 * @throws {AtcomError} `unreadable-file` for a list of trusted files that others can write
 */
export function trustIn(file: string, found: AsFound, person: Person): Trust {
  const trusted = trustedAs(file, person);
  if (trusted === undefined) return 'none';
  return isStill(trusted, found) ? 'given' : 'outdated';
}

/** Why a file that was trusted is so no longer. */
export const CHANGED = 'it, or a PEM file that it names, has changed since it was trusted';

/** The error for a file that is not trusted as it is, with the command that trusts it. */
export function untrusted(
  file: string,
  reason: string,
  trust: Exclude<Trust, 'given'> = 'none',
): AtcomError<'untrusted-config'> {
  return new AtcomError('untrusted-config', {
    file,
    reason: trust === 'outdated' ? `${CHANGED}, and ${reason}` : reason,
    trust: trustCommand(file),
  });
}

/** The command that trusts a file as it is. */
export function trustCommand(file: string): string {
  return `atcom config trust ${quoteShellWord(file)}`;
}

/** The list of trusted files, and its text with a file added or taken out. */
export interface TrustChange {
  readonly store: string;
  readonly text: string;
  /** Whether the file was in the list, as it is or as it was. */
  readonly wasTrusted: boolean;
  /** The other files in the list. */
  readonly others: readonly string[];
}

/**
 * The new content of the list that trusts a file as it is, or no longer.
 *
 * @throws {AtcomError} `unreadable-file`; `unwritable-file` where a project could have brought the list along; `usage` for a
 *   user without a home
 */
export function changeTrust(file: string, trusted: Trusted | undefined, person: Person): TrustChange {
  const real = placeOf(file);
  const store = storeIn(stateFolder(person));
  const project = projectOfBoth(real, placeOf(store));
  if (project !== undefined && trusted !== undefined)
    throw new AtcomError('unwritable-file', {
      file: store,
      reason: `${project} could bring along both it and the config`,
      hint: `set XDG_STATE_HOME to a folder outside of ${quoteShellWord(project)}`,
    });
  const { [real]: before, ...others } = readTrusted(store, person);
  const files = trusted === undefined ? others : { ...others, [real]: trusted };
  return {
    store,
    text: `${JSON.stringify({ files }, null, 2)}\n`,
    wasTrusted: before !== undefined,
    others: Object.keys(others),
  };
}

function storeIn(state: string): string {
  return join(state, 'trusted.json');
}

function readTrusted(store: string, person: Person): Readonly<Record<string, Trusted>> {
  if (!isThere(store)) return {};
  if (attempt(() => realPath(store)) === undefined)
    throw unusable(store, 'it is a link that leads nowhere; remove it, or restore what it leads to');
  const stranger = strangerIn(store, person);
  if (stranger !== undefined) throw unusable(store, `it lists the trusted configs, and ${stranger}`);
  try {
    const { files } = Object(JSON.parse(readPlainFile(store)));
    return Object.fromEntries(
      Object.entries(Object(files)).filter((entry): entry is [string, Trusted] => isTrusted(entry[1])),
    );
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw unusable(store, 'it is not JSON; delete it and trust the files again');
    throw cause;
  }
}

function isTrusted(file: unknown): file is Trusted {
  const { hash, certificates } = Object(file);
  return typeof hash === 'string' && typeof certificates === 'object' && certificates !== null;
}
