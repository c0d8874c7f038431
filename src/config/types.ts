import type { PhoneSettings } from '../protocol/settings.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the config is looked for, and which part of it is wanted. */
export interface ConfigContext {
  /** Project files are looked for here and in the folders above. */
  readonly cwd: string;
  readonly env: Environment;
  /** This file instead of the search; goes before `ATCOM_CONFIG`. */
  readonly file?: string | undefined;
  /** Goes before `ATCOM_PROFILE`. */
  readonly profile?: string | undefined;
  /** The user's config folder; the platform's own by default. */
  readonly userFolder?: string;
}

/** Where a setting comes from. Only the user's own file may hold credentials. */
export type Origin = 'project' | 'user';

/** A config file that was read. */
export interface ConfigFile {
  readonly path: string;
  readonly kind: Origin;
}

/** Where the events of phones are received. */
export interface ListenerSettings {
  readonly host?: string;
  readonly port?: number;
  /** Where phones reach it. */
  readonly url?: string;
  /** Whether a page shows what the phones do. */
  readonly board?: boolean;
  /** Whether a page counts for Prometheus. */
  readonly metrics?: boolean;
}

/** What the files and the environment say together. */
export interface Config {
  /** The files that were read, the project's first. */
  readonly files: readonly ConfigFile[];
  /** `default:` of the profile, or of the files. */
  readonly defaultTarget?: string;
  /** Phones by name, ready to use: durations in milliseconds, files read, the environment applied. */
  readonly phones: ReadonlyMap<string, PhoneSettings>;
  /** Targets by the name of their group. */
  readonly groups: ReadonlyMap<string, string>;
  /** Sequences by the name of their macro. */
  readonly macros: ReadonlyMap<string, string>;
  /** The project's listener, else the user's. */
  readonly listener?: ListenerSettings;
  /** The profile in use. */
  readonly profile?: string;
  /** The profiles there are. */
  readonly profiles: readonly string[];
  /** Where each phone comes from. */
  readonly origin: ReadonlyMap<string, Origin>;
}
