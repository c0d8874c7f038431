import type { EventPaths } from '../protocol/event-paths.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Looks } from '../targets/effort.ts';
import type { WhatIsTold } from '../targets/known.ts';
import type { Trusted } from './as-found.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where to search for the config, and which part of it to use. */
export interface ConfigContext {
  /** Project files are searched here and in the folders above. */
  readonly cwd: string;
  readonly env: Environment;
  /** Use this file instead of searching; overrides `ATCOM_CONFIG`. */
  readonly file?: string | undefined;
  /** The effective user id; undefined on systems without one. */
  readonly uid: number | undefined;
  /** Ends the reading of pipes. */
  readonly signal?: AbortSignal | undefined;
  /** Overrides `ATCOM_PROFILE`. */
  readonly profile?: string | undefined;
  /** The user's config folder; the platform's own by default. */
  readonly userFolder?: string;
  /** The computer's config file; `/etc/atcom/atcom.config.yaml` by default. */
  readonly systemFile?: string;
}

/** The source of a setting. Only the user file and the file of the computer may contain credentials. */
export type Origin = 'project' | 'user' | 'system';

/** A config file that was read. */
export interface ConfigFile {
  readonly path: string;
  readonly kind: Origin;
}

/** The listener for events of phones. */
export interface ListenerSettings {
  readonly host?: string;
  readonly port?: number;
  /** The URL at which phones reach it. */
  readonly url?: string;
  /** The project file that is not trusted, and whose `url` or `trustedProxies` are left out for that reason. */
  readonly untrusted?: string;
  /** The secret without which an event is refused. */
  readonly token?: string;
  /** The encoding of values that are not UTF-8. */
  readonly encoding?: string;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[];
  /** Whether to serve the board. */
  readonly board?: boolean;
  /** Whether to serve metrics for Prometheus. */
  readonly metrics?: boolean;
}

/** An account at a PBX, ready to use: files read, durations in seconds. */
export interface FileAccount {
  readonly uri: string;
  readonly password: string;
  readonly user?: string | undefined;
  readonly proxy?: string | undefined;
  readonly transport?: 'udp' | 'tcp' | 'tls' | undefined;
  readonly register?: number | undefined;
  readonly refuse?: number | undefined;
  readonly ca?: string | undefined;
}

/** An account of the config. */
export interface AccountSettings {
  readonly name: string;
  /** `sip:6003@10.0.0.1:5060`. */
  readonly uri: string;
  /**
   * Completes it. Its password file is read only now.
   *
   * @throws {AtcomError} `unreadable-file`
   */
  readonly read: () => Promise<FileAccount>;
}

/** The settings of virtual phones. */
export interface SimulatorSettings {
  /** The kind of PBX that connects phones without an account. */
  readonly pbx?: 'proxy' | 'b2bua';
  readonly accounts: ReadonlyMap<string, AccountSettings>;
  /** Names of accounts by the name of their PBX. */
  readonly pbxes: ReadonlyMap<string, readonly string[]>;
}

/** Completes the settings of a phone; `sends` says whether user and password will be sent, as `auth` says by default. */
export type SettingsOf = (phone: PhoneSettings, sends?: boolean) => Promise<PhoneSettings>;

/**
 * Makes sure that a secret may go to a phone.
 *
 * @param secret - its name in the error, such as `your password`
 * @throws {AtcomError} `untrusted-config` if only an untrusted project file names the phone's address
 */
export type CheckAddress = (phone: PhoneSettings, secret: string) => Promise<void>;

/** What trust in a file covers: where secrets may go because of it, and what else counts. */
export interface Covered {
  /** The hosts of its phones and targets. */
  readonly hosts: readonly string[];
  /** Its accounts with a password in a file. */
  readonly accounts: readonly {
    readonly name: string;
    readonly passwordFile: string;
    readonly uri: string;
    readonly proxy?: string;
  }[];
  /** What it says of the listener and would not count without trust: where phones report to, and who speaks for others. */
  readonly listener: Pick<ListenerSettings, 'url' | 'trustedProxies'>;
  /** What the file is, with the PEM files that decide which certificates are good. */
  readonly trusted: Trusted;
}

/** The settings of all files and of the environment. */
export interface Config {
  /** The files that were read, the project file first. */
  readonly files: readonly ConfigFile[];
  /** `default:` of the profile, or of the files. */
  readonly defaultTarget?: string;
  /** Phones by name, ready to use: durations in milliseconds, files read, the environment applied. */
  readonly phones: ReadonlyMap<string, PhoneSettings>;
  /** What all files say of addresses, also of phones whose names mean others. */
  readonly told: WhatIsTold;
  /** Targets by the name of their group. */
  readonly groups: ReadonlyMap<string, string>;
  /** Sequences by the name of their macro. */
  readonly macros: ReadonlyMap<string, string>;
  /** The listener of the project, else of the user; its secret is never the project's. */
  readonly listener?: ListenerSettings;
  /** Paths of events besides those of the document. */
  readonly events?: EventPaths;
  /** The settings of virtual phones; empty by default. */
  readonly simulator?: SimulatorSettings;
  /** The profile in use. */
  readonly profile?: string;
  /** The names of all profiles. */
  readonly profiles: readonly string[];
  /** The source of each phone. */
  readonly origin: ReadonlyMap<string, Origin>;
  /** Why there is no project file, for error messages about missing phones. */
  readonly absence?: string;
  /** The computer's file, if it is there and this user may not read it. */
  readonly closed?: string;
  /** Warnings, such as several names for one phone. */
  readonly warnings: readonly string[];
  /**
   * The settings of a phone, in the config or not, completed from the environment and `credentials`.
   *
   * @throws {AtcomError} `untrusted-config` where a password would go to an address that only a project file names
   */
  readonly settings: SettingsOf;
  readonly checkAddress: CheckAddress;
  /** What trust in one of its files covers; counts what its targets examine. */
  readonly covered: (path: string, looks?: Looks) => Promise<Covered>;
  /** Targets of `credentials` that select nothing here, and why. */
  readonly credentialsMistakes: () => readonly {
    readonly target: string;
    readonly reason: string;
    /** How many phones it selects all the same. */
    readonly phones: number;
  }[];
}
