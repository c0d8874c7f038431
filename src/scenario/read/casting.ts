import { hearSignal } from '../../abort.ts';
import { MODELS, type Model, parseModel } from '../../protocol/models.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { Problem } from '../../yaml/problem.ts';
import { isInProcess, keysOf, type Role, type RoleAccount, type Scenario } from '../scenario.ts';
import { type Accounts, accountsAt, atPbx, type PbxAccounts, unknownAccount } from './accounts.ts';
import type { WrittenScenario } from './file-schema.ts';
import { reasonOf } from './notes.ts';

/** Finds the phones that a scenario names. */
export interface PhoneFinder {
  /**
   * Finds the phone of a name or an address.
   *
   * @throws {AtcomError} the codes of targets; undefined if nobody knows, as in a check without a config
   */
  readonly find: (name: string) => Promise<PhoneSettings | undefined>;
  /**
   * Finds the account of a name.
   *
   * @throws {AtcomError} `usage`; undefined if nobody knows
   */
  readonly account: (name: string) => RoleAccount | undefined;
  /** Makes every phone a virtual one of this process. */
  readonly simulate: boolean;
  /** What is between virtual phones without an account, where the file does not say. */
  readonly pbx?: Scenario['simulator']['pbx'];
  /** Makes every phone a virtual one on an account of this PBX. */
  readonly sipPbx?: PbxAccounts | undefined;
}

/** The phones of a scenario, and the problems with them. */
export interface Casting {
  readonly roles: ReadonlyMap<string, Role>;
  readonly problems: readonly Problem[];
}

type Entry = WrittenScenario['phones'][string];

/**
 * Finds the phone of each role. Virtual phones without an account get the numbers 6001, 6002 and so on, in the order of
 * the file.
 *
 * @throws the reason of the signal
 */
export async function castPhones(
  written: WrittenScenario['phones'],
  phones: PhoneFinder,
  signal?: AbortSignal | undefined,
): Promise<Casting> {
  const roles = new Map<string, Role>();
  const problems: Problem[] = [];
  const taken = new Map<string, string>();
  const accounts =
    phones.sipPbx &&
    accountsAt(
      phones.sipPbx,
      Object.entries(written).map(([name, entry]) => [name, wantedOf(entry).sip]),
    );
  for (const [name, entry] of Object.entries(written)) {
    await hearSignal(signal);
    const wrong = (message: string) => problems.push({ path: ['phones', name], message });
    const cast = await castOne(name, entry, { ...phones, accounts });
    if (typeof cast === 'string') {
      wrong(cast);
      // So that its steps are checked, too, without further problems.
      roles.set(name, { name, settings: unknownPhone(name), virtual: false });
      continue;
    }
    const role = cast.virtual && cast.account === undefined ? numbered(cast, roles) : cast;
    roles.set(name, role);
    const keys = keysOf(role);
    const other = keys.flatMap((key) => taken.get(key) ?? [])[0];
    const what =
      role.account === undefined ? 'are the same phone' : `have the same account, ${role.account.name}`;
    if (other !== undefined) wrong(`${name} and ${other} ${what}`);
    for (const key of keys) taken.set(key, name);
  }
  return { roles, problems };
}

/** A virtual phone of this process with the next number. */
function numbered(role: Role, roles: ReadonlyMap<string, Role>): Role {
  const before = [...roles.values()].filter(isInProcess).length;
  return { ...role, settings: { ...role.settings, extension: `${6001 + before}` } };
}

/** A placeholder for a phone that a check does not know. */
function unknownPhone(name: string): PhoneSettings {
  return { host: `phone-${name}`, extension: '0' };
}

/** The phone of a role, or the reason why there is none. */
async function castOne(
  name: string,
  entry: Entry,
  { find, account, simulate, accounts }: PhoneFinder & { readonly accounts: Accounts | undefined },
): Promise<Role | string> {
  const { phone, sip, extension, model } = wantedOf(entry);
  const found = phone === undefined ? undefined : await attempt(() => find(phone));
  const given = typeof found === 'object' ? found : undefined;
  const virtual: Role = {
    name,
    settings: { host: `virtual-${name}`, model: model ?? given?.model ?? 'A48' },
    virtual: true,
  };
  const onAccount = (its: RoleAccount | string) =>
    typeof its === 'string' ? its : atPbx(virtual, its, extension);
  if (simulate) return virtual;
  if (accounts !== undefined) return onAccount(accounts.get(name) ?? 'has no account');
  if (typeof found === 'string') return found;
  if (phone !== undefined) return realPhone(name, given ?? unknownPhone(name), extension);
  return sip === undefined ? virtual : onAccount((await attempt(() => account(sip))) ?? unknownAccount(sip));
}

function realPhone(name: string, settings: PhoneSettings, extension = settings.extension): Role {
  return { name, settings: { ...settings, extension }, virtual: false };
}

interface Wanted {
  readonly phone?: string | undefined;
  readonly sip?: string | undefined;
  readonly extension?: string | undefined;
  readonly model?: Model | undefined;
}

function wantedOf(entry: Entry): Wanted {
  if (entry === 'virtual') return {};
  if (typeof entry === 'string') return { phone: entry };
  const { phone, virtual, ...wanted } = entry;
  return { phone, ...wanted, ...(virtual === undefined ? {} : { model: parseModel(virtual) }) };
}

/** A phone, or the reason why there is none. */
async function attempt<T>(find: () => T | Promise<T>): Promise<T | string> {
  try {
    return await find();
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
