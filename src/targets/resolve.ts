import { AtcomError } from '../errors.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { addAll, evaluateTarget, type Growing, removeAll } from './evaluate.ts';
import { parseTarget, VIRTUAL } from './expression.ts';
import { createUniverse, type Inventory, type Selection, type Universe } from './inventory.ts';

/** What a command is aimed at, before it is resolved. */
export interface TargetWords {
  /** `--to`, as often as given; together they are a union. */
  readonly to?: readonly string[] | undefined;
  /** From `--to -` or `--targets-file`; where it is given, even empty, the config's default does not count. */
  readonly lines?: readonly string[] | undefined;
  /** `--exclude`: what is never selected, whatever else says so. */
  readonly exclude?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  /** From `ATCOM_TO`. */
  readonly fallback?: string | undefined;
}

/** Phones by name or address, each once, and whether a virtual one is among them. */
export interface Targets {
  readonly phones: readonly PhoneSettings[];
  readonly virtual: boolean;
}

/**
 * Finds the phones that words select; `--to` and the lines of a file, then `--all`, then `ATCOM_TO`, then the
 * default of the config; and always less `--exclude`.
 *
 * @throws {AtcomError} `no-target`, `nothing-matched`, and what {@link parseTarget} and {@link evaluateTarget} throw;
 * exit code 2, all of them
 */
export function resolveTargets(words: TargetWords, inventory: Inventory): Targets {
  const universe = createUniverse(inventory);
  const texts = wantedTexts(words, inventory);
  const selected: Growing = new Map();
  for (const text of texts) addAll(selected, evaluateTarget(parseTarget(text), universe));
  const { exclude = [] } = words;
  for (const text of exclude) removeAll(selected, evaluateExclusion(text, universe));
  if (selected.size === 0) {
    const expression = [texts.join(','), ...exclude].join(' without ');
    throw new AtcomError('nothing-matched', { expression, names: [...inventory.phones.keys()] });
  }
  const virtual = selected.delete(VIRTUAL);
  return { phones: [...selected.values()].filter((phone) => phone !== VIRTUAL), virtual };
}

/** The targets to unite; at least one, none of them blank. */
function wantedTexts(
  { to = [], lines, all, fallback }: TargetWords,
  { phones, defaultTarget }: Inventory,
): readonly string[] {
  const given = [...to, ...(lines ?? [])];
  if (all === true && (to.length > 0 || lines !== undefined)) {
    throw new AtcomError('usage', { reason: '--all and --to exclude each other', hint: 'give one of them' });
  }
  if (all === true) given.push(...(phones.size > 0 ? ['@all'] : []));
  else if (to.length === 0 && lines === undefined) given.push(fallback ?? defaultTarget ?? '');
  // Blanks and commas select nothing.
  const texts = given.filter((text) => /[^\s,]/.test(text));
  if (texts.length === 0) throw new AtcomError('no-target', { names: [...phones.keys()] });
  return texts;
}

function evaluateExclusion(text: string, universe: Universe): Selection {
  const expression = parseTarget(text);
  // `--exclude "$SPARED"` with a misspelt variable would press the keys of the phones that were to be spared.
  if (expression.length === 0) {
    const hint = 'name the phones to spare, or leave --exclude out';
    throw new AtcomError('usage', { reason: '--exclude names no phone', hint });
  }
  return evaluateTarget(expression, universe);
}
