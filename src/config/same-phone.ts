import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import { foldNodeset } from '../targets/fold.ts';
import type { Problem } from '../yaml/problem.ts';
import type { WrittenFile } from './reader.ts';

/** A phone, and where it is written. */
export interface Placed {
  readonly file: WrittenFile;
  /** The entry, such as `lab-[01-12]`, and the settings it stands under. */
  readonly path: readonly string[];
  readonly alias: boolean;
  readonly settings: PhoneSettings;
}

/** What two names of one phone share: the address or the MAC. */
const KEYS: readonly { readonly what: string; readonly of: (phone: PhoneSettings) => string | undefined }[] =
  [
    { what: 'the address', of: (phone) => phoneKey(phone) },
    { what: 'the mac', of: ({ mac }) => mac },
  ];

/**
 * Phones that have the address or the MAC of another, without `alias: true` on either: one of the two names is never
 * pressed, or the wrong phone is.
 */
export function samePhones(phones: ReadonlyMap<string, Placed>): readonly string[] {
  const told = new Set<string>();
  return KEYS.flatMap(({ what, of }) => {
    const first = new Map<string, string>();
    const twice = new Map<Placed['path'], { readonly placed: Placed; readonly pairs: [string, string][] }>();
    for (const [name, placed] of phones) {
      const key = of(placed.settings);
      if (key === undefined) continue;
      const other = first.get(key);
      if (other === undefined) first.set(key, name);
      else if (!placed.alias && phones.get(other)?.alias !== true && !told.has(name)) {
        const entry = twice.get(placed.path) ?? { placed, pairs: [] };
        twice.set(placed.path, entry);
        entry.pairs.push([name, other]);
        told.add(name);
      }
    }
    return [...twice.values()].flatMap(({ placed: { file, path }, pairs }) =>
      file.report([problem(path, what, pairs)]),
    );
  });
}

function problem(
  path: readonly string[],
  what: string,
  pairs: readonly (readonly [string, string])[],
): Problem {
  const names = foldNodeset(pairs.map(([name]) => name));
  const others = foldNodeset(pairs.map(([, other]) => other));
  const have = pairs.length > 1 ? 'have' : 'has';
  return {
    path,
    message: `${names} ${have} ${what} of ${others}; add alias: true if it is a second name for the same phone`,
  };
}
