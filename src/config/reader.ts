import { basename, extname, join } from 'node:path';
import type { CosmiconfigResult, PublicExplorer } from 'cosmiconfig';
import { AtcomError, isAtcomError } from '../errors.ts';
import { readDocument, type YamlDocument } from '../yaml/document.ts';
import { report } from '../yaml/report.ts';
import { validate } from '../yaml/validate.ts';
import { dataExplorer } from './explorer.ts';
import { checkPlainFile, unreadable } from './files.ts';
import type { Found } from './places.ts';
import { type FileSettings, fileSchema } from './schema.ts';
import type { ConfigFile, Origin } from './types.ts';

// Everything here needs cosmiconfig, yaml or valibot: it is loaded only when there is a file to read.

/** A config file that fits the schema. */
export interface ReadFile extends ConfigFile {
  readonly settings: FileSettings;
}

/** A file as cosmiconfig gave it. */
interface Loaded {
  readonly path: string;
  readonly value: unknown;
  readonly document: YamlDocument | undefined;
}

type Outcome = { readonly file: ReadFile } | { readonly path: string; readonly problems: readonly string[] };

/** Where the files are seen from, and where credentials belong, for the messages. */
interface Places {
  readonly cwd: string;
  readonly user: string;
}

/**
 * Reads what was found, the project's file first.
 *
 * @throws {AtcomError} `invalid-config` with the problems of all files, `unreadable-file`
 */
export async function readFiles(found: Found, places: Places): Promise<readonly ReadFile[]> {
  const outcomes = [
    await read('project', places, (parse) => loadProject(found, parse)),
    await read('user', places, (parse) => loadOne(found.user, parse)),
  ].filter((outcome) => outcome !== undefined);
  const broken = outcomes.filter((outcome) => 'problems' in outcome);
  if (broken.length > 0) {
    throw new AtcomError('invalid-config', {
      file: broken.map(({ path }) => path).join(' and '),
      problems: broken.flatMap(({ problems }) => problems),
    });
  }
  return outcomes.flatMap((outcome) => ('file' in outcome ? [outcome.file] : []));
}

type ParseFile = (path: string, text: string) => YamlDocument;
type Load = (parse: ParseFile) => Promise<Loaded | undefined>;

async function read(kind: Origin, places: Places, load: Load): Promise<Outcome | undefined> {
  try {
    const loaded = await load((path, text) => parseFile(path, text, places));
    return loaded === undefined ? undefined : judge(kind, loaded, places);
  } catch (error) {
    if (!isAtcomError(error) || error.code !== 'invalid-config') throw error;
    return { path: error.details.file, problems: error.details.problems };
  }
}

function parseFile(path: string, text: string, places: Places): YamlDocument {
  const document = readDocument(text, { inside: ownKey(path) });
  if (document.problems.length > 0) {
    throw new AtcomError('invalid-config', {
      file: path,
      problems: report(path, document, document.problems, places.cwd),
    });
  }
  return document;
}

function judge(kind: Origin, { path, value, document }: Loaded, places: Places): Outcome {
  const refusal =
    kind === 'user' ? undefined : `credentials do not belong in a project file, but in yours: ${places.user}`;
  const { settings, problems } = validate(value ?? {}, fileSchema(refusal));
  return settings === undefined
    ? { path, problems: report(path, document, problems, places.cwd) }
    : { file: { path, kind, settings } };
}

/** The first folder whose file says something, as an empty file says nothing and the search goes on. */
async function loadProject(found: Found, parse: ParseFile): Promise<Loaded | undefined> {
  if (found.explicit !== undefined) return loadOne(found.explicit, parse);
  for (const { folder, places } of found.candidates) {
    // cosmiconfig passes over a file that it may not read; its owner would wonder.
    for (const place of places) checkPlainFile(join(folder, place));
    const loaded = await withDocuments(parse, places, (explorer) => explorer.search(folder));
    if (loaded !== undefined) return loaded;
  }
  return undefined;
}

async function loadOne(path: string | undefined, parse: ParseFile): Promise<Loaded | undefined> {
  if (path === undefined) return undefined;
  try {
    const loaded = await withDocuments(parse, [], (explorer) => explorer.load(path));
    return loaded ?? { path, value: undefined, document: undefined };
  } catch (error) {
    // Errors of the file system have the name of a system call; anything else is ours or a bug.
    throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
  }
}

/** cosmiconfig passes on data only, so the documents with the positions are kept aside. */
async function withDocuments(
  parse: ParseFile,
  places: readonly string[],
  use: (explorer: PublicExplorer) => Promise<CosmiconfigResult>,
): Promise<Loaded | undefined> {
  const documents = new Map<string, YamlDocument>();
  const explorer = dataExplorer(places, (path, text) => {
    const document = parse(path, text);
    documents.set(path, document);
    return document.value ?? null;
  });
  const result = await use(explorer);
  if (result === null) return undefined;
  const { filepath, config }: { filepath: string; config: unknown } = result;
  return { path: filepath, value: config, document: documents.get(filepath) };
}

/** cosmiconfig takes one key of a file called `package`. */
function ownKey(path: string): string | undefined {
  return basename(path, extname(path)) === 'package' ? 'atcom' : undefined;
}
