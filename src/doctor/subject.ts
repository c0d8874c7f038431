import type { Config } from '../config/index.ts';
import type { AtcomError } from '../errors.ts';
import type { PhoneReport, SendOptions, Transport } from '../phone/index.ts';
import type { Endpoint } from '../protocol/command-url.ts';
import type { Sequence } from '../protocol/sequence.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import type { Listening } from '../receiver/index.ts';
import type { Memory } from './approvals.ts';
import type { ReadArp } from './arp.ts';
import { type Finding, skipped } from './finding.ts';

/** A phone to examine, and what the checks need. */
export interface Subject {
  readonly settings: PhoneSettings;
  /** The same with the password of its web pages, where there is one. */
  readonly web?: PhoneSettings | undefined;
  readonly endpoint: Endpoint;
  /** The phone as a target on a command line, quoted for a shell, with the options that choose its config. */
  readonly target: string;
  /** The key that is pressed once; undefined with `--no-key`. */
  readonly key: Sequence | undefined;
  /** How long to wait for each event that `--events` provokes, in milliseconds; undefined without it. */
  readonly events: number | undefined;
  /** The listener for events, or why there is none. */
  readonly listening: Listening | AtcomError;
  readonly memory: Memory;
  /** Where settings come from. */
  readonly config: Pick<Config, 'files' | 'phones' | 'origin' | 'listener' | 'events'>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Called for each request that presses keys. */
  readonly onRequest?: SendOptions['onRequest'];
  /** What sends requests; for tests. */
  readonly transport?: Transport | undefined;
  /** Reads the ARP table; for tests. */
  readonly readArp?: ReadArp | undefined;
}

/** Results that later checks need. */
export interface Facts {
  /** The address of this computer towards the phone. */
  own?: string | undefined;
  addresses?: readonly { readonly address: string; readonly family: number }[];
  report?: PhoneReport;
}

/** A check. It reports network failures as findings instead of throwing. */
export type Look = (subject: Subject, facts: Facts) => Promise<readonly Finding[]>;

export const INTERRUPTED = 'interrupted';

/** The time limit of one check: that of one request. */
export function timeoutOf({ settings }: Subject): number {
  return settings.timeout ?? DEFAULT_TIMEOUT;
}

/** The findings of a failed check: `interrupted` after Ctrl-C, otherwise what the check says. */
export function unlessInterrupted(
  { signal }: Subject,
  check: Finding['check'],
  finding: () => Finding,
): readonly Finding[] {
  return [signal.aborted ? skipped(check, INTERRUPTED) : finding()];
}
