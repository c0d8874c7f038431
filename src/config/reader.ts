import { basename, extname } from 'node:path';
import { AtcomError, isAtcomError } from '../errors.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { report } from '../yaml/report.ts';
import { validate } from '../yaml/validate.ts';
import { loadFile } from './explorer.ts';
import { checkPlainFile, checkReadable, unreadable, unusable } from './files.ts';
import type { ConfigPlaces, FoundFile } from './places.ts';
import { type FileSettings, fileSchema } from './schema.ts';
import type { ConfigFile } from './types.ts';

// This module needs cosmiconfig, yaml and valibot, so it is loaded only if there is a file to read.

/** A config file that matches the schema. */
export interface WrittenFile extends ConfigFile {
  readonly settings: FileSettings;
}

type Outcome =
  | { readonly file: WrittenFile }
  | { readonly path: string; readonly problems: readonly string[] };

/**
 * Reads the files that were found, the project file first.
 *
 * @param cwd - messages show files relative to this folder
 * @throws {AtcomError} `invalid-config` with the problems of all files, `unreadable-file`
 */
export async function readFiles({ found, user }: ConfigPlaces, cwd: string): Promise<readonly WrittenFile[]> {
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

async function read({ path, kind, named }: FoundFile, user: string, cwd: string): Promise<Outcome> {
  const refusal =
    kind !== 'project' ? undefined : `credentials do not belong in a project file, but in yours: ${user}`;
  if (named) checkReadable(path);
  else checkPlainFile(path);
  // cosmiconfig returns only data, so the document with the positions is kept separately.
  let document: YamlDocument | undefined;
  try {
    const value = await loadFile(path, (_, text) => {
      document = parse(path, text, cwd);
      return document.value ?? {};
    });
    // cosmiconfig only takes our key of a file named `package`.
    if (isPackage(path) && !Object.hasOwn(Object(document?.value), 'atcom')) {
      throw unusable(path, 'it has no key "atcom"');
    }
    const { settings, problems } = validate(value ?? {}, fileSchema(refusal));
    return settings === undefined
      ? { path, problems: report(path, document, problems, cwd) }
      : { file: { path, kind, settings } };
  } catch (error) {
    if (isAtcomError(error) && error.code === 'invalid-config') {
      return { path: error.details.file, problems: error.details.problems };
    }
    // Errors of the file system name a system call; anything else is our error or a bug.
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  }
}

function parse(path: string, text: string, cwd: string): YamlDocument {
  const document = readDocument(text, { inside: isPackage(path) ? 'atcom' : undefined, plainQuotes: true });
  if (document.problems.length === 0) return document;
  throw new AtcomError('invalid-config', {
    file: path,
    problems: report(path, document, document.problems, cwd),
  });
}

function isPackage(path: string): boolean {
  return basename(path, extname(path)) === 'package';
}
