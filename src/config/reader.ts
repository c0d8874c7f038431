import { basename, extname } from 'node:path';
import { AtcomError, isAtcomError } from '../errors.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import type { Problem } from '../yaml/problem.ts';
import { report } from '../yaml/report.ts';
import { validate } from '../yaml/validate.ts';
import type { CheckedFile } from './checked.ts';
import { loadFile } from './explorer.ts';
import { checkReadable, unreadable, unusable } from './files.ts';
import type { FoundFile } from './places.ts';
import { type FileSettings, fileSchema } from './schema.ts';
import { hashOf, untrusted } from './trust.ts';

// Loaded only if there is a file to read, because it needs cosmiconfig, yaml and valibot.

/** A config file that matches the schema. */
export interface WrittenFile extends FoundFile {
  readonly settings: FileSettings;
  /** Creates an error for further problems, with their places. */
  readonly report: (problems: readonly Problem[]) => readonly string[];
}

type Outcome =
  | { readonly file: WrittenFile }
  | { readonly path: string; readonly problems: readonly string[] };

/**
 * Reads the files that were found, the project file first.
 *
 * @param user - the path of the user's file, which may not exist
 * @param cwd - messages show files relative to this folder
 * @throws {AtcomError} `invalid-config` with the problems of all files, `unreadable-file`, `untrusted-config`
 */
export async function readFiles(
  found: readonly CheckedFile[],
  user: string,
  cwd: string,
): Promise<readonly WrittenFile[]> {
  const outcomes: Outcome[] = [];
  for (const file of found) outcomes.push(await read(file, user, cwd));
  const broken = outcomes.filter((outcome) => 'problems' in outcome);
  if (broken.length > 0) {
    throw new AtcomError('invalid-config', {
      file: broken.map(({ path }) => path).join(' and '),
      problems: broken.flatMap(({ problems }) => problems),
    });
  }
  return outcomes.flatMap((outcome) => ('file' in outcome ? [outcome.file] : []));
}

async function read({ hash, trusted, ...found }: CheckedFile, user: string, cwd: string): Promise<Outcome> {
  const { path, kind } = found;
  const refusal =
    kind !== 'project' ? undefined : `credentials do not belong in a project file, but in yours: ${user}`;
  try {
    const { value, document } = await load(found, hash);
    const tell = (problems: readonly Problem[]) => report(path, document, problems, cwd);
    if (document !== undefined && document.problems.length > 0) {
      return { path, problems: tell(document.problems) };
    }
    const stranger =
      !Object.hasOwn(Object(value), 'simulator') || trusted()
        ? undefined
        : `whoever wrote this file would get a password: put the account into yours (${user}), or say that you trust this file: atcom config trust`;
    const { settings, problems } = validate(value ?? {}, fileSchema(refusal, stranger));
    return settings === undefined
      ? { path, problems: tell(problems) }
      : { file: { ...found, settings, report: tell } };
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'invalid-config') throw error;
    return { path: error.details.file, problems: error.details.problems };
  }
}

/** The data of a file, and the YAML document with its positions, which cosmiconfig does not return. */
async function load(
  { path, named }: FoundFile,
  hash: string | undefined,
): Promise<{ readonly value: unknown; readonly document: YamlDocument | undefined }> {
  if (named) checkReadable(path);
  let document: YamlDocument | undefined;
  const parse = (_: string, text: string) => {
    if (hash !== undefined && hash !== hashOf(text)) throw changed(path);
    document = readDocument(text, { inside: isPackage(path) ? 'atcom' : undefined, plainQuotes: true });
    // A file with problems must not reach cosmiconfig, which would look for $import in it.
    return document.value ?? {};
  };
  const value = await loadFile(path, parse).catch((error: unknown) => {
    // Errors of the file system name a system call; anything else is our error or a bug.
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  });
  const broken = document !== undefined && document.problems.length > 0;
  // cosmiconfig only takes our key of a file named `package`.
  if (isPackage(path) && !broken && !Object.hasOwn(Object(document?.value), 'atcom')) {
    throw unusable(path, 'it has no key "atcom"');
  }
  return { value, document };
}

function changed(file: string): AtcomError<'untrusted-config'> {
  return untrusted(file, 'others may write it, and it has changed since it was trusted');
}

function isPackage(path: string): boolean {
  return basename(path, extname(path)) === 'package';
}
