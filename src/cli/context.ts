import type { Config, ConfigContext, Environment } from '../config/index.ts';
import type { ReadArp } from '../doctor/arp.ts';
import type { ProvenReport, Transport } from '../phone/index.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Listening, Receiver, ReceiverOptions } from '../receiver/index.ts';
import type { Looks } from '../targets/effort.ts';
import type { Output, Writable } from './output/output.ts';
import type { Terminal } from './process/terminal.ts';
import type { Said } from './words.ts';

/** Sends a signal to a process group, and returns whether it still exists. */
export type SignalGroup = (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0) => boolean;

/** What a run gets from outside: the real process through bin/, fakes in tests. */
export interface Surroundings {
  readonly stdin: () => NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Environment;
  readonly cwd: string;
  /** The process id. */
  readonly pid: number;
  /** The effective user id; undefined on systems without one. */
  readonly uid: number | undefined;
  /** Ends a command with everything that it started; undefined on systems without process groups. */
  readonly signalGroup?: SignalGroup | undefined;
  /** Aborted by Ctrl-C; the reason is the error to exit with. */
  readonly signal: AbortSignal;
  /** Called before the first request, with the number of phones. */
  readonly beforeSending?: ((phones?: number) => Promise<void>) | undefined;
  /** The terminal to draw on and to read keys from; undefined if there is none. */
  readonly terminal?: (() => Promise<Terminal | undefined>) | undefined;
  /** Sends requests; replaced in tests. */
  readonly transport?: Transport | undefined;
  /** Reads the ARP table; replaced in tests. */
  readonly readArp?: ReadArp | undefined;
}

/** Where to listen. What is left out comes from the config, then from the receiver's defaults. */
export interface ListenOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Phones to name in events, besides those in the config. */
  readonly phones?: readonly PhoneSettings[] | undefined;
  /** Pages served on the same port. */
  readonly pages?: ReceiverOptions['pages'];
  /** Timeout in milliseconds for attaching to another program's receiver. */
  readonly within?: number | undefined;
  /** Called when another program's receiver has ended and this one took over its port. */
  readonly onTakeOver?: ((receiver: Receiver) => void) | undefined;
  /** Called if other programs of this user cannot use this receiver, with the reason. */
  readonly onUnshared?: ((why: Error) => void) | undefined;
}

/** What commands work with. Anything expensive is a function, so that only commands that need it pay for it. */
export interface Context extends Surroundings {
  readonly output: Output;
  /** The words after `atcom`. */
  readonly words: readonly string[];
  /** What these words say. */
  readonly said: () => readonly Said[];
  /** Whether to log each request. */
  readonly debug: boolean;
  /** Where to look for the config, according to the options and the environment. */
  readonly configContext: ConfigContext;
  /** The config files, merged; read at most once. */
  readonly config: () => Promise<Config>;
  /** Listens for events. All commands of a batch share one listener. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>;
  /** Whether lines of commands are read from stdin, so that it takes no answer. */
  readonly readsStdin?: boolean | undefined;
  /** Counts the phones that the targets of all lines of a file examine. */
  readonly looks?: Looks | undefined;
  /** Gets the reports of a command that pressed keys. */
  readonly onReports?: ((reports: readonly ProvenReport[]) => void) | undefined;
  /** Sets the exit code of the run. */
  readonly exit: (code: number) => void;
}
