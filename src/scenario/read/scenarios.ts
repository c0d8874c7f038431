import { dirname } from 'node:path';
import { LARGEST } from '../../files/open.ts';
import { parseDuration } from '../../protocol/duration.ts';
import { readDocument, type YamlDocument } from '../../yaml/document.ts';
import type { Problem } from '../../yaml/problem.ts';
import { report } from '../../yaml/report.ts';
import { validate } from '../../yaml/validate.ts';
import type { Scenario } from '../scenario.ts';
import { castPhones, type PhoneFinder, unmetNeed } from './casting.ts';
import { Extent } from './extent.ts';
import { FILE, type WrittenScenario } from './file-schema.ts';
import { combinations, countCombinations, mostLength, substitute, titleOf } from './matrix.ts';
import { Notes } from './notes.ts';
import { Roles } from './roles.ts';
import { type ReadWords, readSteps } from './step-reader.ts';
import type { ReadWav } from './wav.ts';

/** A scenario file. */
export interface Source {
  /** Its absolute path. */
  readonly path: string;
  /** As the user wrote it. */
  readonly file: string;
  readonly text: string;
}

/** What is needed to read a file. */
export interface ScenarioReadOptions {
  readonly phones: PhoneFinder;
  readonly readWords: ReadWords;
  readonly readWav: ReadWav;
  /** Files below this folder are shown relative to it. */
  readonly cwd: string;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** The scenarios of a file, and its problems: `file:line:col setting: what`. */
export interface ReadFile {
  readonly scenarios: readonly Scenario[];
  readonly problems: readonly string[];
  /** Problems for a run only: calls between real and virtual phones. */
  readonly crossings: readonly string[];
}

/** More runs of one file are a mistake. */
const MOST_COMBINATIONS = 1000;

/** Each combination is read like a file of its own; together they may have as many characters as the largest file. */
const MOST_TEXT = LARGEST;

/** The maximum of steps in all combinations together: a step of a few characters takes as long as many characters. */
const MOST_STEPS = 50_000;

const DEFAULTS = { timeout: '60s', cleanupTimeout: '10s', within: '5s', during: '1s' } as const;

/**
 * Reads a scenario file and checks every word in it. Sends nothing.
 *
 * @throws the reason of the signal
 */
export async function readScenarios(source: Source, options: ScenarioReadOptions): Promise<ReadFile> {
  const document = readDocument(source.text, { listNames: true, plainNumbers: true });
  const told = ({ problems, isFull }: Notes) => report(source.path, document, problems, options.cwd, !isFull);
  const notes = new Notes();
  const crossings = new Notes();
  notes.add(document.problems);
  if (notes.problems.length > 0) return { scenarios: [], problems: told(notes), crossings: [] };
  const variants = variantsOf(document, source.text.length);
  if (!('data' in variants)) {
    notes.add(variants.problems);
    return { scenarios: [], problems: told(notes), crossings: [] };
  }
  const whole = { extent: new Extent(), notes };
  const plan = (written: WrittenScenario, calls: Notes) =>
    planOf(written, source, document, { ...options, ...whole, crossings: calls });
  const scenarios: Scenario[] = [];
  for (const values of variants.values) {
    if (notes.isFull) break;
    const { settings, problems: wrong } = validate(substitute(variants.data, values), FILE);
    notes.add(wrong);
    if (settings === undefined) {
      const rest = validate(withoutMistakes(variants.data, wrong), FILE).settings;
      if (rest !== undefined) await plan(rest, new Notes());
      continue;
    }
    const name = titleOf(variants.name, values);
    scenarios.push(await plan({ ...settings, name }, crossings));
  }
  return { scenarios, problems: told(notes), crossings: told(crossings) };
}

type Variants =
  | { readonly data: unknown; readonly name: string; readonly values: ReturnType<typeof combinations> }
  | { readonly problems: readonly Problem[] };

/** The combinations of `with:`. If it is wrong, the file is read without it, to find other problems. */
function variantsOf({ value }: YamlDocument, length: number): Variants {
  const data = value ?? {};
  const { settings, problems } = validate(data, FILE);
  const broken = problems.filter(({ path }) => path[0] === 'with' || path.length === 0);
  if (broken.length > 0) return { problems };
  const { with: matrix, name, phones } = (settings ?? data) as Partial<WrittenScenario>;
  const both = Object.keys(matrix ?? {}).filter((key) => Object.hasOwn(phones ?? {}, key));
  if (both.length > 0) {
    const message = 'is the name of a phone as well; choose another';
    return { problems: both.map((key) => ({ path: ['with', key], message })) };
  }
  const number = countCombinations(matrix);
  if (number > MOST_COMBINATIONS) {
    const message = `makes ${number} combinations, more than ${MOST_COMBINATIONS}`;
    return { problems: [{ path: ['with'], message }] };
  }
  const { setup, steps, cleanup } = data as Partial<WrittenScenario>;
  for (const [count, what, most] of [
    [Math.max(length, mostLength(data, matrix)), 'characters', MOST_TEXT],
    [countSteps({ setup, steps, cleanup }), 'steps', MOST_STEPS],
  ] as const) {
    if (number * count <= most) continue;
    const makes =
      number === 1 ? `there are ${count} ${what}` : `makes ${number} combinations of ${count} ${what}`;
    const message = `${makes}, more than ${most} in all; make the file shorter, or two of it`;
    return { problems: [{ path: number === 1 ? [] : ['with'], message }] };
  }
  return { data, name: String(name), values: combinations(matrix) };
}

/** The items of all lists: steps, and the steps and events within them. */
function countSteps(written: unknown): number {
  if (typeof written !== 'object' || written === null) return 0;
  const own = Array.isArray(written) ? written.length : 0;
  return Object.values(written).reduce<number>((sum, each) => sum + countSteps(each), own);
}

const NO_AUDIO = 'needs phones at a PBX, because virtual ones of this process have no audio';

/** What all combinations of a file share. */
interface Whole {
  readonly extent: Extent;
  readonly notes: Notes;
  readonly crossings: Notes;
}

async function planOf(
  written: WrittenScenario,
  { path, file }: Source,
  document: YamlDocument,
  { phones, readWords, readWav, extent, notes, crossings, signal }: ScenarioReadOptions & Whole,
): Promise<Scenario> {
  const { name, tags = [], defaults = {}, simulator = {} } = written;
  const cast = await castPhones(written.phones, phones, signal);
  const roles = [...cast.roles.values()];
  const placeOf = (path: readonly string[]) => document.position({ path, message: '' });
  notes.add(cast.problems);
  // If all are virtual phones of this process, steps that need audio are left out.
  const silent = phones.simulate ? new Notes() : crossings;
  const context = {
    roles: new Roles(cast.roles, notes, crossings, silent),
    notes,
    readWords,
    extent,
    signal,
    within: parseDuration(defaults.within ?? DEFAULTS.within),
    during: parseDuration(defaults.during ?? DEFAULTS.during),
    placeOf,
    folder: dirname(path),
    readWav,
  };
  const unmet = unmetNeed(written.needs, roles);
  const { ring, latency, pbx = phones.pbx } = simulator;
  // A missing key is not a mistake if the file says in `needs:` that it needs it.
  const read = async (phase: 'setup' | 'steps' | 'cleanup') =>
    unmet === undefined ? readSteps(written[phase] ?? [], [phase], context) : [];
  const scenario: Scenario = {
    name,
    file,
    place: placeOf([]),
    tags,
    timeout: parseDuration(written.timeout ?? DEFAULTS.timeout),
    cleanupTimeout: parseDuration(written.cleanupTimeout ?? DEFAULTS.cleanupTimeout),
    roles,
    ...(unmet === undefined ? {} : { unmet }),
    simulator: {
      ...(ring === undefined ? {} : { ring: parseDuration(ring) }),
      ...(latency === undefined ? {} : { latency: parseDuration(latency) }),
      ...(pbx === undefined ? {} : { pbx }),
    },
    setup: await read('setup'),
    steps: await read('steps'),
    cleanup: await read('cleanup'),
  };
  const mute = phones.simulate && silent.problems.length > 0;
  return mute ? { ...scenario, unmet: scenario.unmet ?? NO_AUDIO } : scenario;
}

/**
 * The file as it would be without its wrong settings, to find what else is wrong in it. Without phones nothing can be
 * said of its steps.
 */
function withoutMistakes(data: unknown, problems: readonly Problem[]): unknown {
  const written: Readonly<Record<string, unknown>> = Object(data);
  const wrong = new Set(problems.map(({ path: [setting] }) => setting));
  const wrongPhones = new Set(problems.map(({ path: [setting, part] }) => setting === 'phones' && part));
  const kept = Object.entries(written).filter(([key]) => !wrong.has(key));
  const phones = Object.entries(Object(written['phones'])).map(([name, phone]) => [
    name,
    wrongPhones.has(name) ? 'virtual' : phone,
  ]);
  return { name: 'x', steps: [], ...Object.fromEntries(kept), phones: Object.fromEntries(phones) };
}
