import type { Stats } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { AtcomError } from '../errors.ts';
import { realPath } from '../files/links.ts';
import { checkPlainFile } from '../files/plain.ts';
import { checkoutOfConfigs } from '../files/project.ts';
import type { Trusted } from './as-found.ts';
import { type ConfigPlaces, type FoundFile, variable } from './places.ts';
import { checkOwner, checkOwnerOf, checkPem } from './trust.ts';
import type { ConfigContext } from './types.ts';

/** A file that was found, and that nobody else can have written unnoticed. */
export interface CheckedFile extends FoundFile {
  /** The folder that paths in it are relative to. */
  readonly folder: string;
  /** What it must be, if others can write it. */
  readonly trusted: Trusted | undefined;
  /** Refuses it once it is open, if it is another user's by then. */
  readonly check?: (stats: Stats) => void;
  /** Refuses a PEM file that it names. What a project's were when it was trusted is remembered. */
  readonly checkPem?: (pem: string) => void;
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
    const reason = broughtAlong(file, context);
    if (reason !== undefined) throw new AtcomError('untrusted-config', { file: file.path, reason });
    checkPlainFile(file.path);
    const trusted = checkOwner(file.path, context);
    const needsTrust = file.kind === 'project';
    // Trust is in the file that a link leads to, not in what a project has beside the link.
    const real = needsTrust ? dirname(realPath(file.path)) : folder;
    const check = (stats: Stats) => checkOwnerOf(file.path, stats, context);
    const pem = needsTrust ? {} : { checkPem: (path: string) => checkPem(path, context) };
    const checks = trusted === undefined ? { check, ...pem } : {};
    return { ...file, folder: real, trusted, needsTrust, ...checks };
  });
}

/** Whether the user means this very file: a relative ATCOM_CONFIG is another one in every folder that they enter. */
export function isChosen({ named }: FoundFile, { file, env }: ConfigContext): boolean {
  return named && (file !== undefined || isAbsolute(variable(env, 'ATCOM_CONFIG') ?? ''));
}

/** Why what was found in the place of the user's own file may be somebody else's; undefined if nothing says so. */
export function broughtAlong(file: FoundFile, context: ConfigContext): string | undefined {
  const isFound = file.kind === 'user' && context.userFolder === undefined && !isChosen(file, context);
  const checkout = isFound ? checkoutOfConfigs(context.env) : undefined;
  return checkout && `it is in the checkout ${checkout}, which may have brought it along`;
}
