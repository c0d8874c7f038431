import { AtcomError, isAtcomError } from '../errors.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { addAll, evaluateTarget, type Growing, removeAll } from './evaluate.ts';
import { parseTarget, VIRTUAL } from './expression.ts';
import { createUniverse, type Inventory, reverse, type Selection, type Universe } from './inventory.ts';
import type { TargetLine } from './lines.ts';

/** The targets of a command, before they are resolved. */
export interface TargetWords {
  /** All `--to`; together they are a union. */
  readonly to?: readonly string[] | undefined;
  /** From `--to -` or `--targets-file`. If set, even if empty, the default of the config is not used. */
  readonly lines?: readonly TargetLine[] | undefined;
  /** The names of what these lines came from. */
  readonly sources?: readonly string[] | undefined;
  /** `--exclude`: phones that are never selected. */
  readonly exclude?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  /** From `ATCOM_TO`. */
  readonly fallback?: string | undefined;
}

/** The selected phones, each once, and whether a virtual one is among them. */
export interface Targets {
  readonly phones: readonly PhoneSettings[];
  readonly virtual: boolean;
}

/**
 * Finds the selected phones: those of `--to` and the lines of a file, or else of `--all`, or else of `ATCOM_TO`, or
 * else of the default of the config; always without those of `--exclude`.
 *
 * @throws {AtcomError} `no-target`, `nothing-matched`, and what {@link parseTarget} and {@link evaluateTarget} throw;
 * exit code 2, all of them
 */
export function resolveTargets(words: TargetWords, inventory: Inventory): Targets {
  const universe = createUniverse(inventory);
  const { absence } = inventory;
  const texts = wantedTexts(words, universe);
  const selected: Growing = new Map();
  for (const line of texts)
    addAll(
      selected,
      inLine(line, (text) => evaluateTarget(parseTarget(text, universe.effort), universe)),
    );
  const { exclude = [] } = words;
  const excluded: Growing = new Map();
  for (const text of exclude) addAll(excluded, evaluateExclusion(text, reverse(universe)));
  const before = selected.size;
  removeAll(selected, excluded, universe);
  if (selected.size === 0) {
    const expression = [texts.map(({ text }) => text).join(','), ...exclude].join(' without ');
    throw new AtcomError('nothing-matched', { expression, names: namesOf(universe), absence, before });
  }
  const virtual = selected.delete(VIRTUAL);
  return { phones: [...selected.values()].filter((phone) => phone !== VIRTUAL), virtual };
}

/** The targets to unite: at least one, and none of them blank. */
function wantedTexts(
  { to = [], lines, sources = [], all, fallback }: TargetWords,
  universe: Universe,
): readonly TargetLine[] {
  const { phones, defaultTarget, absence } = universe;
  const given: TargetLine[] = [...to.map((text) => ({ text })), ...(lines ?? [])];
  if (all === true && (to.length > 0 || lines !== undefined)) {
    throw new AtcomError('usage', { reason: '--all and --to exclude each other', hint: 'give one of them' });
  }
  if (all === true && phones.size > 0) given.push({ text: '@all' });
  else if (all !== true && to.length === 0 && lines === undefined)
    given.push({ text: fallback ?? defaultTarget ?? '' });
  // Spaces and commas select nothing.
  const texts = given.filter(({ text }) => /[^\s,]/.test(text));
  const empty = sources.length === 0 ? undefined : sources.join(' and ');
  if (texts.length === 0) throw new AtcomError('no-target', { names: namesOf(universe), absence, empty });
  return texts;
}

/** All names, for an error; a file of commands may be wrong in thousands of lines. */
function namesOf({ phones, effort }: Universe): readonly string[] {
  effort.look(phones.size);
  return [...phones.keys()];
}

/** Adds the line of the file to an error. */
function inLine<T>({ text, place }: TargetLine, run: (text: string) => T): T {
  try {
    return run(text);
  } catch (error) {
    if (place === undefined || !isAtcomError(error)) throw error;
    const { message, hint } = error;
    const details = { reason: `${place}: ${message}`, ...(hint === undefined ? {} : { hint }) };
    throw new AtcomError('usage', details, { cause: error });
  }
}

function evaluateExclusion(text: string, universe: Universe): Selection {
  const expression = parseTarget(text, universe.effort);
  // `--exclude "$SPARED"` with a misspelled variable would press keys on the phones to be spared.
  if (expression.length === 0) {
    const hint = 'name the phones to spare, or leave --exclude out';
    throw new AtcomError('usage', { reason: '--exclude names no phone', hint });
  }
  return evaluateTarget(expression, universe);
}
