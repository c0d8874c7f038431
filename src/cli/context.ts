import type { Config } from '../config/index.ts';
import type { Transport } from '../phone/index.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Listening, ListenOptions } from './listen/listening.ts';
import type { Output, Writable } from './output/output.ts';
import type { Pressing } from './press/press.ts';

/** Environment variables, read once by main. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a program run is given from outside: the real ones by bin/, fakes by tests. */
export interface Surroundings {
  readonly stdin: () => NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Environment;
  readonly cwd: string;
  /** Aborted by Ctrl-C; its reason is the error to end with. */
  readonly signal: AbortSignal;
  /** Called before the first request, with the number of phones. */
  readonly beforeSending?: ((phones?: number) => Promise<void>) | undefined;
  /** What sends requests; for tests. */
  readonly transport?: Transport | undefined;
}

/** A command of a file: found to be right before anything is sent, and run later. */
export interface Step {
  /** What it presses, where it presses keys. */
  readonly pressing?: Pressing;
  /** Throws what is wrong with its words or its targets. */
  check(): Promise<void>;
  run(context: Context): Promise<void>;
}

/** What commands work with; whatever costs time is a function, called by those that need it. */
export interface Context extends Surroundings {
  readonly output: Output;
  /** The words after `atcom`. */
  readonly words: readonly string[];
  /** Whether each request is shown. */
  readonly debug: boolean;
  /** The config files, merged; read at most once. */
  readonly config: () => Promise<Config>;
  /** Listens for events; in a batch, all its commands share one listener. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>;
  /** The settings of a phone with what the environment adds: credentials, `ATCOM_TIMEOUT`, `ATCOM_DELAY`. */
  readonly settings: (phone: PhoneSettings) => PhoneSettings;
  /** In a file of commands, takes one instead of running it. */
  readonly collect?: ((step: Step) => void) | undefined;
  /** Sets the exit code of the run. */
  readonly exit: (code: number) => void;
}
