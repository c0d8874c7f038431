import type { FileSettings } from './schema.ts';

/** What an entry may say of its password. */
interface Entry {
  readonly password?: string;
  readonly passwordFile?: string;
}

/** The phones of a file, with those of a profile. */
export function phoneEntries(
  { phones, profiles }: FileSettings,
  profile: string | undefined,
): readonly Entry[] {
  return entriesOf(phones, profile === undefined ? undefined : profiles?.[profile]?.phones);
}

/** Whether a password or a token stands in a file itself. */
export function holdsSecret({ phones, profiles, credentials, simulator, listener }: FileSettings): boolean {
  const ofProfiles = Object.values(profiles ?? {}).map((profile) => profile?.phones);
  const entries = entriesOf(phones, ...ofProfiles, credentials, simulator?.accounts);
  return listener?.token !== undefined || entries.some(({ password }) => password !== undefined);
}

/** The values of tables, but for phones that are only an address. */
function entriesOf(...tables: readonly (object | undefined)[]): readonly Entry[] {
  return tables.flatMap((table = {}) => Object.values(table)).filter((value) => typeof value === 'object');
}
