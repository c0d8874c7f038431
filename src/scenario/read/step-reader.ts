import { hearSignal } from '../../abort.ts';
import type { SendOptions } from '../../phone/index.ts';
import { formatDuration, parseDuration } from '../../protocol/duration.ts';
import type { Sequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { splitShellWords } from '../../shell.ts';
import type { Role, Step } from '../scenario.ts';
import type { Extent } from './extent.ts';
import { type Path, reasonOf } from './notes.ts';
import type { LeafFor, WaitContext } from './wait-context.ts';
import { readWait } from './wait-reader.ts';

/** What a command presses, for any phone. */
export interface Command {
  readonly sequenceFor: (settings: PhoneSettings) => Sequence;
  readonly options: Pick<SendOptions, 'retry' | 'waitApproval'>;
}

/**
 * Reads the words of one command that presses keys.
 *
 * @throws {AtcomError} for anything else
 */
export type ReadWords = (words: readonly string[]) => Promise<Command>;

/** What is needed to read steps. */
export interface StepContext extends WaitContext {
  readonly readWords: ReadWords;
  /** Of the whole file. */
  readonly extent: Extent;
  /** Ends the reading. */
  readonly signal: AbortSignal | undefined;
}

/** Reads a list of steps one by one. Wrong ones are noted and left out. */
export async function readSteps(
  steps: readonly unknown[],
  path: Path,
  context: StepContext,
): Promise<readonly Step[]> {
  const read: Step[] = [];
  for (const [index, step] of steps.entries()) {
    if (context.extent.exceeded !== undefined || context.notes.isFull) break;
    await hearSignal(context.signal);
    const result = await readStep(step, [...path, String(index)], context);
    if (result !== undefined) read.push(result);
  }
  return read;
}

async function readStep(step: unknown, path: Path, context: StepContext): Promise<Step | undefined> {
  const { notes, roles, extent } = context;
  const entries = isObject(step) ? Object.entries(step) : [];
  const [entry, other] = entries;
  if (entry === undefined || other !== undefined) {
    return notes.wrong(
      path,
      'a step is one phone and what it does, such as a: dial $b; parallel: joins several',
    );
  }
  const [word, value]: [string, unknown] = entry;
  const below = [...path, word];
  if (word === 'pause') return readPause(value, below, context);
  if (word === 'parallel' || word === 'any') return readJoined(word, value, below, context);
  const actors = roles.named(word, below);
  const leaf = actors && (await readLeaf(value, actors, below, context));
  if (actors === undefined || leaf === undefined) return undefined;
  const leaves = actors.flatMap((role) => notes.caught(below, () => leaf(role)) ?? []);
  extent.add(actors.length, leaves);
  const { exceeded } = extent;
  if (exceeded !== undefined)
    return notes.wrong(
      path,
      `up to here, the phones ${exceeded}, in all combinations together; make two files of it`,
    );
  return { join: 'each', leaves };
}

function readPause(value: unknown, path: Path, { notes, placeOf }: StepContext): Step | undefined {
  if (typeof value !== 'string') return notes.wrong(path, 'must be a duration with a unit, such as 500ms');
  const ms = notes.caught(path, () => parseDuration(value));
  if (ms === undefined) return undefined;
  return {
    join: 'each',
    leaves: [{ kind: 'pause', ms, place: placeOf(path), text: `pause ${formatDuration(ms)}` }],
  };
}

async function readJoined(
  word: 'parallel' | 'any',
  value: unknown,
  path: Path,
  context: StepContext,
): Promise<Step | undefined> {
  const { notes } = context;
  if (!Array.isArray(value) || value.length === 0) return notes.wrong(path, 'must be a list of steps');
  const steps = await readSteps(value, path, context);
  if (steps.some(({ join }) => join === 'first'))
    return notes.wrong(path, 'any must not be inside another step');
  // One of all leaves would be enough: what belongs together would be half proven.
  if (word === 'any' && steps.some(({ leaves }) => leaves.length > 1))
    return notes.wrong(
      path,
      'any takes steps of one phone each, such as b: { expect: hold }; of several in a step, one would do',
    );
  const leaves = steps.flatMap((step) => step.leaves);
  if (word === 'parallel') return { join: 'each', leaves };
  if (leaves.some(({ kind }) => kind !== 'expect')) {
    return notes.wrong(path, 'any takes steps that expect something: what is pressed cannot be taken back');
  }
  return { join: 'first', leaves };
}

async function readLeaf(
  value: unknown,
  actors: readonly Role[],
  path: Path,
  context: StepContext,
): Promise<LeafFor | undefined> {
  if (typeof value === 'string') return readCommand(value, actors, path, context);
  if (isObject(value)) return readWait(value, path, context);
  return context.notes.wrong(path, 'must be a command such as dial $b, or { expect: incomingCall }');
}

async function readCommand(
  text: string,
  actors: readonly Role[],
  path: Path,
  { notes, roles, readWords, within, placeOf }: StepContext,
): Promise<LeafFor | undefined> {
  const place = placeOf(path);
  const words = notes.caught(path, () => splitShellWords(text, roles.extensions(actors, path)));
  if (words === undefined) return undefined;
  if (words.length === 1 && words[0] === 'idle') {
    return ({ name }) => ({ kind: 'idle', role: name, within, place, text: `${name}: idle` });
  }
  try {
    const { sequenceFor, options } = await readWords(words);
    const said = words.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word)).join(' ');
    return ({ name, settings }) => {
      const sequence = sequenceFor(settings);
      return { kind: 'press', role: name, sequence, options, place, text: `${name}: ${said}` };
    };
  } catch (error) {
    return notes.wrong(path, reasonOf(error));
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
