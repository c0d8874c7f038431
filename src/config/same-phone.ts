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

/** What is wrong with one name because of another one. */
interface Fault {
  readonly name: string;
  readonly placed: Placed;
  readonly other: string;
}

/** What two names of one phone share, and whether they may. */
const SHARED: readonly {
  readonly what: string;
  readonly of: (phone: PhoneSettings) => string | undefined;
  readonly isMeant: (one: Placed, other: Placed) => boolean;
  readonly fix: string;
}[] = [
  {
    what: 'the address',
    of: phoneKey,
    isMeant: (one, other) => one.alias || other.alias,
    fix: 'add alias: true if it is a second name for the same phone',
  },
  {
    what: 'the mac',
    of: ({ mac }) => mac,
    isMeant: (one, other) => phoneKey(one.settings) === phoneKey(other.settings),
    fix: 'one phone would get its keys twice, so keep one of its addresses, or correct the mac',
  },
];

/**
 * Phones that have the address or the MAC of another: one of the two names is never pressed, or the wrong phone is, or one
 * phone twice. Also phones that are said to be another name, but of no phone.
 */
export function samePhones(phones: ReadonlyMap<string, Placed>): readonly string[] {
  const told = new Set<string>();
  const shared = SHARED.flatMap(({ what, of, isMeant, fix }) => {
    const first = new Map<string, readonly [string, Placed]>();
    const faults: Fault[] = [];
    for (const [name, placed] of phones) {
      const key = of(placed.settings);
      const other = key === undefined ? undefined : first.get(key);
      if (key !== undefined && other === undefined) first.set(key, [name, placed]);
      if (other === undefined || isMeant(placed, other[1]) || told.has(name)) continue;
      faults.push({ name, placed, other: other[0] });
      told.add(name);
    }
    return reported(faults, (names, have, others) => `${names} ${have} ${what} of ${others}; ${fix}`);
  });
  const lone = aliasesOfNone(phones).filter(({ name }) => !told.has(name));
  return [...shared, ...reported(lone, aliasOfNone)];
}

function aliasesOfNone(phones: ReadonlyMap<string, Placed>): readonly Fault[] {
  const names = new Map<string, number>();
  const of = ({ settings }: Placed) => phoneKey(settings);
  for (const placed of phones.values()) names.set(of(placed), (names.get(of(placed)) ?? 0) + 1);
  return [...phones].flatMap(([name, placed]) =>
    placed.alias && names.get(of(placed)) === 1 ? [{ name, placed, other: name }] : [],
  );
}

function aliasOfNone(names: string, have: string): string {
  return `${names} ${have} alias: true, but the address of no other phone; write the host as it is there, or leave alias out`;
}

/** The problems, one for each entry of a file. */
function reported(
  faults: readonly Fault[],
  message: (names: string, have: string, others: string) => string,
): readonly string[] {
  const entries = new Map<Placed['path'], [Fault, ...Fault[]]>();
  for (const fault of faults) {
    const entry = entries.get(fault.placed.path);
    if (entry === undefined) entries.set(fault.placed.path, [fault]);
    else entry.push(fault);
  }
  return [...entries].flatMap(([path, entry]) => {
    const names = foldNodeset(entry.map(({ name }) => name));
    const others = foldNodeset(entry.map(({ other }) => other));
    const problem: Problem = { path, message: message(names, entry.length > 1 ? 'have' : 'has', others) };
    return entry[0].placed.file.report([problem]);
  });
}
