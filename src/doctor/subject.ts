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

/** A phone to look at, and what with. */
export interface Subject {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** The phone, as a command line names it. */
  readonly target: string;
  /** What is pressed once; undefined with `--no-key`. */
  readonly key: Sequence | undefined;
  /** Milliseconds to wait for each event that `--events` provokes; undefined without it. */
  readonly events: number | undefined;
  /** Where events come in, or why not. */
  readonly listening: Listening | AtcomError;
  readonly memory: Memory;
  /** Where settings come from. */
  readonly config: Pick<Config, 'files' | 'origin' | 'listener'>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Told of each request that presses keys. */
  readonly onRequest?: SendOptions['onRequest'];
  /** What sends requests; for tests. */
  readonly transport?: Transport | undefined;
  /** Reads the ARP table; for tests. */
  readonly readArp?: ReadArp | undefined;
}

/** What the checks found out so far, for those that follow. */
export interface Facts {
  /** The address of this computer towards the phone. */
  own?: string | undefined;
  addresses?: readonly { readonly address: string; readonly family: number }[];
  report?: PhoneReport;
}

/** Looks at one thing or a few; never throws for what a network can do. */
export type Look = (subject: Subject, facts: Facts) => Promise<readonly Finding[]>;

export const INTERRUPTED = 'interrupted';

/** The time for one step, as for one request. */
export function timeoutOf({ settings }: Subject): number {
  return settings.timeout ?? DEFAULT_TIMEOUT;
}

/** What a failed step came to, when Ctrl-C is the reason; else what the step makes of it. */
export function unlessInterrupted(
  { signal }: Subject,
  check: Finding['check'],
  finding: () => Finding,
): readonly Finding[] {
  return [signal.aborted ? skipped(check, INTERRUPTED) : finding()];
}
