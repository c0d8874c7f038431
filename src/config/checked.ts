import { dirname, isAbsolute } from 'node:path';
import { realPath } from '../files/links.ts';
import { checkPlainFile } from '../files/plain.ts';
import type { Trusted } from './as-found.ts';
import { type ConfigPlaces, type FoundFile, variable } from './places.ts';
import { checkOwner } from './trust.ts';
import type { ConfigContext } from './types.ts';

/** A file that was found, and that nobody else can have written unnoticed. */
export interface CheckedFile extends FoundFile {
  /** The folder that paths in it are relative to. */
  readonly folder: string;
  /** What it must be, if others can write it. */
  readonly trusted: Trusted | undefined;
  /** Whether it merely came with a project, and nobody named it: what it says of secrets needs the user's trust. */
  readonly needsTrust: boolean;
}

/**
 * Checks whose files were found, before any of them is read.
 *
 * @throws {AtcomError} `unreadable-file`, `untrusted-config`
 */
export function checkFiles(context: ConfigContext, { found }: ConfigPlaces): readonly CheckedFile[] {
  return found.map((file) => {
    const folder = dirname(file.path);
    if (isChosen(file, context)) return { ...file, folder, trusted: undefined, needsTrust: false };
    checkPlainFile(file.path);
    const trusted = checkOwner(file.path, context);
    const needsTrust = file.kind === 'project';
    // Trust is in the file that a link leads to, not in what a project has beside the link.
    const real = needsTrust ? dirname(realPath(file.path)) : folder;
    return { ...file, folder: real, trusted, needsTrust };
  });
}

/** Whether the user means this very file: a relative ATCOM_CONFIG is another one in every folder that they enter. */
function isChosen({ named }: FoundFile, { file, env }: ConfigContext): boolean {
  return named && (file !== undefined || isAbsolute(variable(env, 'ATCOM_CONFIG') ?? ''));
}
