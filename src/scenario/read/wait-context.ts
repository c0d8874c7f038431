import type * as v from 'valibot';
import { validate } from '../../yaml/validate.ts';
import type { LeafStep, Place, Role } from '../scenario.ts';
import { WAITS, type WaitWord, type Written } from './file-schema.ts';
import type { Notes, Path } from './notes.ts';
import type { Roles } from './roles.ts';
import type { ReadWav } from './wav.ts';

/** A leaf without its phone. */
export type LeafFor = (role: Role) => LeafStep;

/** What is needed to read waits. Durations are milliseconds. */
export interface WaitContext {
  readonly roles: Roles;
  readonly notes: Notes;
  readonly within: number;
  readonly during: number;
  readonly placeOf: (path: Path) => Place;
  /** The folder of the file, which its paths are relative to. */
  readonly folder: string;
  readonly readWav: ReadWav;
}

/** A step as the file writes it; undefined if it is invalid, and its problems are noted. */
export function fitting<W extends WaitWord>(
  word: W,
  value: object,
  path: Path,
  { notes }: WaitContext,
): Written<W> | undefined {
  const { settings, problems } = validate(value, WAITS[word] as v.GenericSchema);
  for (const problem of problems) notes.wrong([...path, ...problem.path], problem.message);
  return settings as Written<W> | undefined;
}
