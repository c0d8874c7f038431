import { MODELS, type Model, parseModel } from '../../protocol/models.ts';
import { type PhoneSettings, phoneKey } from '../../protocol/settings.ts';
import type { Problem } from '../../yaml/problem.ts';
import type { Role } from '../scenario.ts';
import type { WrittenScenario } from './file-schema.ts';
import { reasonOf } from './notes.ts';

/** Finds real phones. */
export interface PhoneFinder {
  /**
   * Finds the phone of a name or an address.
   *
   * @throws {AtcomError} the codes of targets; undefined if nobody knows, as in a check without a config
   */
  readonly find: (name: string) => PhoneSettings | undefined;
  /** Makes every phone a virtual one. */
  readonly simulate: boolean;
}

/** The phones of a scenario, and the problems with them. */
export interface Casting {
  readonly roles: ReadonlyMap<string, Role>;
  readonly problems: readonly Problem[];
}

/** Finds the phone of each role. Virtual phones get the numbers 6001, 6002 and so on, in the order of the file. */
export function castPhones(written: WrittenScenario['phones'], phones: PhoneFinder): Casting {
  const roles = new Map<string, Role>();
  const problems: Problem[] = [];
  const byAddress = new Map<string, string>();
  for (const [name, entry] of Object.entries(written)) {
    const wrong = (message: string) => problems.push({ path: ['phones', name], message });
    const cast = castOne(entry, phones);
    if (typeof cast === 'string') {
      wrong(cast);
      // So that its steps are checked, too, without further problems.
      roles.set(name, { name, settings: unknownPhone(name), virtual: false });
    } else if ('virtual' in cast) {
      const number = [...roles.values()].filter(({ virtual }) => virtual).length;
      const settings = { host: `virtual-${name}`, model: cast.virtual, extension: `${6001 + number}` };
      roles.set(name, { name, settings, virtual: true });
    } else {
      const { settings = unknownPhone(name), extension = settings.extension } = cast;
      const other = byAddress.get(phoneKey(settings));
      if (other !== undefined) wrong(`${name} and ${other} are the same phone`);
      byAddress.set(phoneKey(settings), name);
      roles.set(name, { name, settings: { ...settings, extension }, virtual: false });
    }
  }
  return { roles, problems };
}

/** A placeholder for a phone that a check does not know. */
function unknownPhone(name: string): PhoneSettings {
  return { host: `phone-${name}`, extension: '0' };
}

/** A virtual phone, a real one, or the reason why there is none. */
function castOne(
  entry: WrittenScenario['phones'][string],
  { find, simulate }: PhoneFinder,
):
  | { readonly virtual: Model }
  | { readonly settings: PhoneSettings | undefined; readonly extension: string | undefined }
  | string {
  const { phone, extension, model = 'A48' } = wantedOf(entry);
  if (phone === undefined) return { virtual: model };
  const found = attempt(() => find(phone));
  if (simulate) return { virtual: (typeof found === 'object' ? found.model : undefined) ?? model };
  return typeof found === 'string' ? found : { settings: found, extension };
}

interface Wanted {
  readonly phone?: string;
  readonly extension?: string | undefined;
  readonly model?: Model;
}

function wantedOf(entry: WrittenScenario['phones'][string]): Wanted {
  if (entry === 'virtual') return {};
  if (typeof entry === 'string') return { phone: entry };
  const { phone, extension, virtual } = entry;
  return virtual === undefined ? { phone: phone ?? '', extension } : { model: parseModel(virtual) };
}

/** A phone, or the reason why there is none. */
function attempt(find: () => PhoneSettings | undefined): PhoneSettings | string | undefined {
  try {
    return find();
  } catch (error) {
    return reasonOf(error);
  }
}

const NEEDS = {
  line: ['lineKeys', 'line keys'],
  softkey: ['softkeys', 'soft keys'],
  memory: ['memoryKeys', 'memory keys'],
} as const;

/** The first need that is not met, and by which phone. A phone of unknown model has everything. */
export function unmetNeed(needs: WrittenScenario['needs'] = {}, roles: Iterable<Role>): string | undefined {
  for (const { name, settings } of roles) {
    if (settings.model === undefined) continue;
    const has = MODELS[settings.model];
    for (const [need, [family, what]] of Object.entries(NEEDS)) {
      const wanted = needs[need as keyof typeof NEEDS] ?? 0;
      if (has[family] < wanted) {
        return `needs ${wanted} ${what}; ${name} (${settings.model}) has ${has[family]}`;
      }
    }
  }
  return undefined;
}
