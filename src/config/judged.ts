import type { DialPlan } from '../protocol/dial-plan.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Looks } from '../targets/effort.ts';
import type { WrittenFile } from './reader.ts';
import type { Placed } from './same-phone.ts';
import type { ReadSecret } from './secrets.ts';
import { settingsOf } from './settings-of.ts';
import { untrusted } from './trust.ts';
import type { CheckAddress, Config, ConfigContext } from './types.ts';

/** What is known of a config only with the phones of all files. */
export type Judged = Pick<
  Config,
  'warnings' | 'settings' | 'checkAddress' | 'covered' | 'credentialsMistakes'
>;

/** The files, with that of a project which was merely found. */
interface Sources {
  readonly files: readonly WrittenFile[];
  readonly found: WrittenFile | undefined;
  /** What names mean without that one. */
  readonly own: () => Config['phones'];
  readonly read: ReadSecret;
  readonly unread: ReadonlyMap<string, unknown>;
  /** Counts what the targets of `credentials` examine. */
  readonly looks: Looks;
}

/** Facts about the phones of all files together. */
export async function judged(
  context: ConfigContext,
  { files, found, own, read, unread, looks }: Sources,
  placed: ReadonlyMap<string, Placed>,
  inventory: Pick<Config, 'phones' | 'told' | 'groups'>,
): Promise<Judged> {
  const project = files.find(({ kind }) => kind === 'project');
  // Evaluated once for all phones of a run.
  const named = { files, inventory, fileOf: (name: string) => placed.get(name)?.file };
  const phonesNotIn = (file: WrittenFile) =>
    [...inventory.phones].filter(([name]) => named.fileOf(name) !== file);
  let namedOnlyThere: Promise<(phone: PhoneSettings) => boolean> | undefined;
  const isTheirs = async (phone: PhoneSettings, theirs: WrittenFile) => {
    const known = placed.get(phone.name ?? '');
    if (known?.settings.host === phone.host) return known.file === theirs;
    namedOnlyThere ??= import('./named-addresses.ts').then(({ isNamedOnlyIn }) =>
      isNamedOnlyIn(
        theirs,
        { ...named, phones: new Map([...own(), ...phonesNotIn(theirs)]) },
        context.signal,
      ),
    );
    return (await namedOnlyThere)(phone);
  };
  const user = files.find(({ settings }) => settings.credentials !== undefined);
  const { env } = context;
  const byTarget =
    user?.settings.credentials === undefined
      ? undefined
      : await (await import('./credentials.ts')).credentialsByTarget(
          user.entriesAt(['credentials'], user.settings.credentials),
          user.folder,
          // The user's groups mean what the user wrote, whatever a project calls by the same name.
          {
            ...inventory,
            looks,
            groups: new Map([...inventory.groups, ...Object.entries(user.settings.groups ?? {})]),
            own: found && {
              phones: own(),
              others: phonesNotIn(found).flatMap(([name, phone]) => (own().has(name) ? [] : [phone])),
              groups: groupsWithout(found, files),
              isFound: (phone) => isTheirs(phone, found),
            },
          },
          read,
          context.signal,
        );
  const checkAddress: CheckAddress = async (phone, secret) => {
    if (project?.needsTrust !== true || !(await isTheirs(phone, project))) return;
    const trust = project.trust();
    if (trust === 'given') return;
    const { name, host } = phone;
    const taken = own().has(host) ? `leaves you no phone ${host}, which is an address then` : `names ${host}`;
    const says = name === undefined ? taken : `says that ${name} is at ${host}`;
    throw untrusted(project.path, `it ${says}, where ${secret} would go`, trust);
  };
  return {
    warnings: placed.size > 1 ? (await import('./same-phone.ts')).samePhones(placed) : [],
    settings: settingsOf({
      env,
      read,
      byTarget,
      dialPlan: firstPlan(files.filter((file) => file !== found)) ?? firstPlan(files),
      unread,
      isKnown: ({ name = '' }) => placed.has(name),
      checkAddress,
    }),
    checkAddress,
    covered: async (path, looks = { count: 0 }) => {
      const file = files.find((one) => one.path === path);
      if (file === undefined) throw new Error(`${path} was not read`);
      return (await import('./covered.ts')).coveredBy(file, named, looks, context.signal);
    },
    credentialsMistakes: () => byTarget?.mistakes() ?? [],
  };
}

/** The groups without those of a file. The user's own count first, and are named before those of the computer. */
function groupsWithout(file: WrittenFile, files: readonly WrittenFile[]): Config['groups'] {
  const others = files.filter((one) => one !== file);
  return new Map(others.toReversed().flatMap(({ settings: { groups = {} } }) => Object.entries(groups)));
}

function firstPlan(files: readonly WrittenFile[]): DialPlan | undefined {
  const plans = files.map(({ settings: { dialPlan, defaults } }) => defaults?.dialPlan ?? dialPlan);
  return plans.find((plan) => plan !== undefined);
}
