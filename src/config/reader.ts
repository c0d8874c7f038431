import { basename, extname } from 'node:path';
import { AtcomError, isAtcomError } from '../errors.ts';
import { type FileContent, readContent } from '../files/read.ts';
import { unreadable, unusable } from '../files/reason.ts';
import { checkSecret } from '../files/secret.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import type { Problem } from '../yaml/problem.ts';
import { report } from '../yaml/report.ts';
import { validate } from '../yaml/validate.ts';
import { type AsFound, asFound, isStill } from './as-found.ts';
import type { CheckedFile } from './checked.ts';
import { holdsSecret } from './entries.ts';
import { loadFile } from './explorer.ts';
import { fewInherited, smallTogether } from './few-enough.ts';
import { type FileSettings, fileSchema } from './schema.ts';
import { CHANGED, type Trust, trustCommand, trustIn, untrusted } from './trust.ts';
import type { ConfigContext } from './types.ts';

// Loaded only if there is a file to read, because it needs cosmiconfig, yaml and valibot.

/** A config file that matches the schema. */
export interface WrittenFile extends Omit<CheckedFile, 'trusted' | 'check'> {
  readonly found: AsFound;
  /** Whether the user trusts it as it was read. Each call looks again, because trust can be withdrawn. */
  readonly trust: () => Trust;
  readonly settings: FileSettings;
  /** The names at a path of the settings, in the order of the file: of credentials, the first one applies. */
  readonly entriesAt: YamlDocument['entriesAt'];
  /** Creates an error for further problems, with their places. */
  readonly report: (problems: readonly Problem[]) => readonly string[];
}

type Outcome =
  | { readonly file: WrittenFile }
  | { readonly path: string; readonly problems: readonly string[] };

/**
 * Reads the files that were found, the project file first.
 *
 * @param user - the path of the user's file, which may not exist, or how to have one
 * @throws {AtcomError} `invalid-config` with the problems of all files, `unreadable-file`, `untrusted-config`; the
 *   reason of the context's signal
 */
export async function readFiles(
  found: readonly CheckedFile[],
  user: string,
  context: ConfigContext,
): Promise<readonly WrittenFile[]> {
  const outcomes: Outcome[] = [];
  for (const file of found) outcomes.push(await read(file, user, context));
  const broken = outcomes.filter((outcome) => 'problems' in outcome);
  if (broken.length > 0) {
    throw new AtcomError('invalid-config', {
      file: broken.map(({ path }) => path).join(' and '),
      problems: broken.flatMap(({ problems }) => problems),
    });
  }
  const files = outcomes.flatMap((outcome) => ('file' in outcome ? [outcome.file] : []));
  const all = files.map(({ settings }) => settings);
  if (!smallTogether(...all) || !fewInherited(...all)) throw tooManyTogether(files);
  return files;
}

/** Each file alone is small enough. */
function tooManyTogether(files: readonly WrittenFile[]): AtcomError<'invalid-config'> {
  const message =
    'the phones, groups, profiles and what phones inherit are too many together in these files; use fewer of them, or name one file with --config';
  return new AtcomError('invalid-config', {
    file: files.map(({ path }) => path).join(' and '),
    problems: files.slice(0, 1).flatMap((file) => file.report([{ path: [], message }])),
  });
}

async function read(
  { trusted, check, checkPem, ...found }: CheckedFile,
  user: string,
  context: ConfigContext,
): Promise<Outcome> {
  const { path, kind, needsTrust } = found;
  const refusal =
    kind !== 'project' ? undefined : `credentials belong in your own file, not in a project file: ${user}`;
  try {
    const content = await readContent(path, { signal: context.signal, check });
    const now = asFound(content.text, found.folder, checkPem);
    if (trusted !== undefined && !isStill(trusted, now))
      throw untrusted(path, 'others can write it', 'outdated');
    const { value, document } = await load(path, content);
    const tell = (problems: readonly Problem[]) => report(path, document, problems, context.cwd);
    if (document !== undefined && document.problems.length > 0) {
      return { path, problems: tell(document.problems) };
    }
    const trust = () => (needsTrust ? trustIn(path, now, context) : 'given');
    const stranger = Object.hasOwn(Object(value), 'simulator') ? strangerTo(trust(), path, user) : undefined;
    const { settings, problems } = validate(value ?? {}, fileSchema(refusal, stranger));
    if (settings !== undefined && holdsSecret(settings)) checkSecret(path, content.stats, context);
    if (settings === undefined) return { path, problems: tell(problems) };
    const entriesAt: WrittenFile['entriesAt'] = (at, data) =>
      document?.entriesAt(at, data) ?? Object.entries(data);
    return { file: { ...found, found: now, settings, trust, entriesAt, report: tell } };
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'invalid-config') throw error;
    return { path: error.details.file, problems: error.details.problems };
  }
}

/** Why a file must not name a file with the password of an account, whose PBX it names, too. */
function strangerTo(trust: Trust, path: string, user: string): string | undefined {
  if (trust === 'given') return undefined;
  const who =
    trust === 'none'
      ? 'whoever wrote this file would get a password'
      : `${CHANGED}, and whoever changed it would get a password`;
  return `${who}: put the account into your own file (${user}), or trust this file: ${trustCommand(path)}`;
}

/** The data of a file, and the YAML document with its positions, which cosmiconfig does not return. */
async function load(
  path: string,
  { text, stats }: FileContent,
): Promise<{ readonly value: unknown; readonly document: YamlDocument | undefined }> {
  let document: YamlDocument | undefined;
  // What was read is read: cosmiconfig reads the file itself, and that may be another one by now.
  const parse = () => {
    document = readDocument(text, { inside: isPackage(path) ? 'atcom' : undefined, plainQuotes: true });
    // A file with problems must not reach cosmiconfig, which would look for $import in it.
    return document.value ?? {};
  };
  // It would wait for ever for the text that a pipe has given already.
  if (!stats.isFile()) return { value: parse(), document };
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

function isPackage(path: string): boolean {
  return basename(path, extname(path)) === 'package';
}
