import type { Config } from '../config/index.ts';
import { AtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';

/** The word that stands for a virtual phone of this one command. */
export const VIRTUAL = 'virtual';

/** What a command is aimed at, before it is resolved. */
export interface TargetWords {
  readonly to?: readonly string[] | undefined;
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
 * Finds the phones that words name; `--to`, then `--all`, then `ATCOM_TO`, then the config's default.
 *
 * @throws {AtcomError} `no-target`, `unknown-phone`, `invalid-address`
 */
export function resolveTargets({ to = [], all, fallback }: TargetWords, config: Config): Targets {
  if (all === true && to.length > 0) {
    throw new AtcomError('usage', { reason: '--all and --to exclude each other', hint: 'give one of them' });
  }
  const names = [...config.phones.keys()];
  if (all === true) {
    if (names.length === 0) throw new AtcomError('no-target', { names });
    return { phones: [...config.phones.values()], virtual: false };
  }
  const expressions = to.length > 0 ? to : [fallback ?? config.defaultTarget ?? ''];
  const words = expressions
    .flatMap((expression) => expression.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new AtcomError('no-target', { names });
  const phones = words.filter((word) => word !== VIRTUAL).map((word) => findPhone(word, config));
  // One phone under two names, or named twice, is pressed once.
  const unique = new Map(phones.map((phone) => [originOf(endpointOf(phone)).toLowerCase(), phone]));
  return { phones: [...unique.values()], virtual: words.includes(VIRTUAL) };
}

function findPhone(word: string, { phones }: Config): PhoneSettings {
  const named = phones.get(word);
  if (named !== undefined) return named;
  // A word without dot, colon or slash is a name: a mistyped one must not become a look-up in the DNS.
  if (!/[.:/]/.test(word) && word !== 'localhost') {
    const names = [...phones.keys()];
    throw new AtcomError('unknown-phone', {
      input: word,
      suggestions: closest(word, [...names, VIRTUAL]),
      names,
    });
  }
  const origin = originOf(endpointOf({ host: word })).toLowerCase();
  const known = [...phones.values()].find((phone) => originOf(endpointOf(phone)).toLowerCase() === origin);
  return known ?? { host: word };
}
