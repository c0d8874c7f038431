import { dirname } from 'node:path';
import { append } from '../../append.ts';
import { accountOf, accountsOfPbx } from '../../config/index.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { identityOf } from '../../files/identity.ts';
import { pathIn } from '../../files/links.ts';
import { readText } from '../../files/read.ts';
import { newWavReader, type ReadWords, readScenarios, type Scenario } from '../../scenario/index.ts';
import { checkLooks } from '../../targets/effort.ts';
import { resolveTargets, type Targets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';

/** The scenarios of some files. */
export interface Loaded {
  readonly scenarios: readonly Scenario[];
  /** Calls between real and virtual phones, which are impossible. */
  readonly crossings: readonly string[];
}

/** How files are loaded. */
export interface LoadOptions {
  readonly simulate: boolean;
  /** The PBX in the config whose accounts all phones get. */
  readonly sipPbx?: string | undefined;
  /** Accept unknown phones, because a check needs no config. */
  readonly check: boolean;
}

/**
 * Reads all scenario files before reporting a problem in any of them.
 *
 * @throws {AtcomError} `invalid-scenario` with the problems of all files, `unreadable-file`
 */
export async function loadScenarios(
  context: Context,
  files: readonly string[],
  readWords: ReadWords,
  { simulate, check, sipPbx }: LoadOptions,
): Promise<Loaded> {
  const config = await context.config();
  // Each combination of a file asks for the same phones, and a glob looks through all there are.
  const resolved = new Map<string, Targets>();
  const looks = { count: 0 };
  const find = async (name: string) => {
    if (check && config.phones.size === 0) return undefined;
    // A kilobyte of phones can each look through all that there are, again and again.
    checkLooks(looks, 'the phones of the scenarios', 'call each by its own name');
    const { phones, virtual } = resolved.get(name) ?? resolveTargets({ to: [name] }, { ...config, looks });
    resolved.set(name, { phones, virtual });
    const [phone, another] = phones;
    if (phone === undefined || another !== undefined || virtual) {
      throw new AtcomError('usage', {
        reason: `${JSON.stringify(name)} is not a single phone in the config`,
      });
    }
    return config.settings(phone);
  };
  const phones = {
    find,
    account: (name: string) =>
      check && config.simulator === undefined ? undefined : accountOf(config, name),
    simulate,
    pbx: config.simulator?.pbx,
    sipPbx: sipPbx === undefined ? undefined : { name: sipPbx, accounts: accountsOfPbx(config, sipPbx) },
  };
  const options = {
    phones,
    readWords,
    readWav: newWavReader(),
    cwd: context.cwd,
    signal: context.signal,
  };
  const scenarios: Scenario[] = [];
  const problems: string[] = [];
  const crossings: string[] = [];
  const broken: string[] = [];
  let unreadable: AtcomError<'unreadable-file'> | undefined;
  for (const [path, file] of once(files, context.cwd)) {
    const text = await textOf(path, context);
    if (typeof text !== 'string') {
      unreadable = text;
      problems.push(`${file}:1: cannot be read: ${text.details.reason}`);
      broken.push(file);
      continue;
    }
    const read = await readScenarios({ path, file, text }, options);
    append(scenarios, read.scenarios);
    append(problems, read.problems);
    append(crossings, read.crossings);
    if (read.problems.length > 0) broken.push(file);
  }
  if (unreadable !== undefined && broken.length === 1) throw unreadable;
  if (broken.length > 0) throw new AtcomError('invalid-scenario', { file: broken.join(' and '), problems });
  return { scenarios, crossings };
}

/**
 * Each file once, however it is spelled, by its path: its calls would be dialled twice. A link in another folder is another
 * one, because its sounds are there.
 */
function once(files: readonly string[], cwd: string): Iterable<readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>();
  for (const file of files) {
    const path = pathIn(cwd, file);
    const identity = `${identityOf(path)} ${identityOf(dirname(path))}`;
    if (!found.has(identity)) found.set(identity, [path, file]);
  }
  return found.values();
}

/** The text of a file, or why it cannot be read. */
async function textOf(path: string, { signal }: Context): Promise<string | AtcomError<'unreadable-file'>> {
  try {
    return await readText(path, { signal });
  } catch (error) {
    if (isAtcomError(error) && error.code === 'unreadable-file') return error;
    throw error;
  }
}
